"""What a check-up looks at: one row of CHECKUPS each, from the ground up."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from vocab_server.accounts.keys import FILE as KEY_FILE
from vocab_server.config import MIB, SHORTEST_KEY, Settings
from vocab_server.database import is_shared
from vocab_server.database.copying import file_damage, revision_of, revisions
from vocab_server.database.log import ChangeLog
from vocab_server.database.soundness import damaged_changes
from vocab_server.errors import InvalidError, MailError
from vocab_server.operation.engine_checks import engine_ills
from vocab_server.operation.readiness import is_on_its_way
from vocab_server.operation.snapshot_checks import index_damage, store_damage
from vocab_server.outbound import ask
from vocab_server.smtp import MailServer
from vocab_server.store.engine import Engine as RemoteEngine
from vocab_server.store.snapshots import Snapshots, number_of

ROOM = 200 * MIB  # bytes that must be free, and twice what the store takes
SKEW = timedelta(minutes=1)  # that clocks may differ
TOLD = 5  # damaged things that are named
RESTORE = "Restore a backup into a new data directory: vocab-server restore FILE"
REBUILD = "Make it anew from the change log: vocab-server rebuild"


class Problem(NamedTuple):
    """What is wrong, and what to do about it; both are sentences."""

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at; nothing of it is changed."""

    settings: Settings
    database: Engine

    @property
    def snapshots(self) -> Snapshots:
        """The snapshots that readers see."""
        return Snapshots(self.settings.data / "snapshots")


@dataclass(frozen=True, slots=True)
class CheckUp:
    """One thing to look at, which makes sense only when what it ``needs`` is in order."""

    id: str
    title: str
    look: Callable[[Patient], Iterator[Problem]]
    needs: tuple[str, ...] = ()


def _data_directory(patient: Patient) -> Iterator[Problem]:
    data = patient.settings.data
    if not data.is_dir():
        yield Problem(
            f"The data directory {data} is not there.",
            "Make it with vocab-server init, or set VOCAB_SERVER_DATA to where the data is.",
        )
    elif not os.access(data, os.R_OK | os.W_OK | os.X_OK) or _is_read_only(data):
        yield Problem(
            f"The data directory {data} cannot be read or written by this user.",
            "Give it to the user that the server runs as, and mount its disk for writing.",
        )


def _is_read_only(data: Path) -> bool:
    return bool(os.statvfs(data).f_flag & os.ST_RDONLY)


def _permissions(patient: Patient) -> Iterator[Problem]:
    data = patient.settings.data
    for path, mode in ((data, "700"), (data / KEY_FILE, "600")):
        if path.exists() and path.stat().st_mode & 0o077:
            yield Problem(
                f"Other users of this machine can get at {path}, which holds secrets.",
                f"Run: chmod {mode} {path}",
            )


def _secret_key(patient: Patient) -> Iterator[Problem]:
    chosen, file = patient.settings.secret_key, patient.settings.data / KEY_FILE
    if not chosen and not file.exists():
        return  # made at the first start
    key = chosen or file.read_text("ascii", errors="replace").strip()
    if len(key) < SHORTEST_KEY:
        yield Problem(
            f"The key that sessions are signed with is shorter than {SHORTEST_KEY} characters.",
            f"Set VOCAB_SERVER_SECRET_KEY to a longer one, or delete {file}: a new one is made and"
            " everybody signs in again.",
        )


def _disk(patient: Patient) -> Iterator[Problem]:
    data = patient.settings.data
    free = shutil.disk_usage(data).free
    needed = max(ROOM, 2 * _size(data / "store"))
    if free < needed:
        yield Problem(
            f"The disk of {data} is nearly full: {free // MIB} MiB are free, and"
            f" {needed // MIB} MiB are needed for the next snapshots.",
            "Delete what is not needed there, or move the data directory to a bigger disk.",
        )


def _size(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.glob("*") if path.is_file())


def _database(patient: Patient) -> Iterator[Problem]:
    engine = patient.database
    file = engine.url.database if engine.url.get_backend_name() == "sqlite" else None
    shown = engine.url.render_as_string(hide_password=True)
    if file and not Path(file).exists():
        yield Problem(
            f"The database {file} is not there.", f"vocab-server init makes one. {RESTORE}"
        )
        return
    try:
        revision = revision_of(engine)
    except SQLAlchemyError as error:
        damaged = f" When it is a damaged file: {RESTORE}"
        yield Problem(
            f"The database {shown} does not answer: {str(getattr(error, 'orig', error)).strip()}",
            "Start it, or correct VOCAB_SERVER_DATABASE."
            + (" Until then people read what was published." if is_shared(engine) else damaged),
        )
        return
    yield from _revision(revision)


def _revision(revision: str) -> Iterator[Problem]:
    known = revisions()
    if revision not in known:
        yield Problem(
            f"The tables of the database are of a version that this one does not know:"
            f" {revision or 'none'}.",
            "Install the newest vocab-server; or, when it is empty, run: vocab-server init",
        )
    elif revision != known[0]:
        yield Problem(
            f"The tables of the database are of an older version ({revision}).",
            "Make a backup, then start the server: it brings them up to date.",
        )


def _pages(patient: Patient) -> Iterator[Problem]:
    found = file_damage(patient.database)
    if found:
        yield Problem(f"The database file is damaged: {found}", RESTORE)


def _change_log(patient: Patient) -> Iterator[Problem]:
    yield from _listed("in the change log", damaged_changes(patient.database), RESTORE)


def _clock(patient: Patient) -> Iterator[Problem]:
    newest = max(ChangeLog(patient.database).last_times().values(), default=None)
    now = datetime.now(UTC)
    if newest and newest > now + SKEW:
        yield Problem(
            f"The clock says {now:%Y-%m-%d %H:%M} UTC, and the newest change is of"
            f" {newest:%Y-%m-%d %H:%M} UTC: the clock is, or was, wrong.",
            "Set the clock of this machine, and let it be set over the network (NTP).",
        )


def _snapshot(patient: Patient) -> Iterator[Problem]:
    last, current = ChangeLog(patient.database).last(), patient.snapshots.current()
    if current is None:
        yield Problem("Nothing is published, so pages cannot be shown.", REBUILD)
    elif number_of(current) > last:
        yield Problem(
            f"What is published goes up to change {number_of(current)}, and the change log only to"
            f" {last}: the log has lost changes, or it is another one.",
            "Look whether VOCAB_SERVER_DATABASE is right. " + RESTORE,
        )
    elif number_of(current) < last and not _is_on_its_way(patient, number_of(current)):
        yield Problem(
            f"The store is behind: readers see change {number_of(current)}, the change log goes to"
            f" {last}.",
            "Start the server, or: vocab-server init --empty. It catches up before anything else.",
        )


def _is_on_its_way(patient: Patient, here: int) -> bool:
    return is_shared(patient.database) and is_on_its_way(ChangeLog(patient.database), here)


def _store(patient: Patient) -> Iterator[Problem]:
    yield from _of_snapshot(patient, "in the store", store_damage)


def _engine(patient: Patient) -> Iterator[Problem]:
    if patient.settings.has_engine:
        engine = RemoteEngine(patient.settings.store, patient.settings.store_update)
        found = engine_ills(engine, ChangeLog(patient.database), patient.snapshots)
        yield from (Problem(what, remedy) for what, remedy in found)


def _index(patient: Patient) -> Iterator[Problem]:
    yield from _of_snapshot(patient, "in the search index", index_damage)


def _of_snapshot(
    patient: Patient, where: str, look: Callable[[Path], Iterator[str]]
) -> Iterator[Problem]:
    found = patient.snapshots.open()
    if found is None:
        return
    path, lease = found
    with lease:
        yield from _listed(where, look(path), REBUILD)


def _listed(where: str, found: Iterator[str], remedy: str) -> Iterator[Problem]:
    damaged = list(found)
    if damaged:
        more = f" and {len(damaged) - TOLD} more" if len(damaged) > TOLD else ""
        yield Problem(f"Damaged {where}: {', '.join(damaged[:TOLD])}{more}.", remedy)


def _base_url(patient: Patient) -> Iterator[Problem]:
    url = f"{patient.settings.base}/healthz"
    try:
        found = ask(url)
    except InvalidError as error:
        yield Problem(
            f"The public address does not answer. {error}",
            "Start the server, and look at the proxy in front of it. Or correct"
            " VOCAB_SERVER_BASE_URL.",
        )
        return
    if found.get("status") != "alive":
        yield Problem(
            f"At {patient.settings.base} something else than vocab-server answers.",
            "Correct VOCAB_SERVER_BASE_URL, or where the proxy sends requests.",
        )


def _mail(patient: Patient) -> Iterator[Problem]:
    if not patient.settings.smtp:
        return  # no mail is wanted
    try:
        MailServer.at(patient.settings.smtp).greet()
    except MailError as error:
        yield Problem(
            f"The mail server cannot be used. {error}",
            "Look whether it runs and lets this machine in, or correct VOCAB_SERVER_SMTP.",
        )


CHECKUPS = (
    CheckUp("data-directory", "The data directory can be used", _data_directory),
    CheckUp("permissions", "Secrets are for their owner only", _permissions, ("data-directory",)),
    CheckUp("secret-key", "The key of sessions is long enough", _secret_key, ("data-directory",)),
    CheckUp("disk", "There is room on the disk", _disk, ("data-directory",)),
    CheckUp("database", "The database answers and is up to date", _database),
    CheckUp("database-file", "The database file is whole", _pages, ("database",)),
    CheckUp("change-log", "The change log is whole", _change_log, ("database", "database-file")),
    CheckUp("clock", "The clock can be right", _clock, ("database", "database-file")),
    CheckUp("snapshot", "Readers see the last change", _snapshot, ("database", "database-file")),
    CheckUp("store", "The store is whole", _store, ("data-directory",)),
    CheckUp("engine", "The SPARQL engine has it all", _engine, ("database", "database-file")),
    CheckUp("index", "The search index is whole", _index, ("data-directory",)),
    CheckUp("base-url", "The public address answers", _base_url),
    CheckUp("mail", "The mail server lets us in", _mail),
)
