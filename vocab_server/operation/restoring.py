"""A data directory made from a backup, also from one of an older version."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shutil import move, rmtree

from vocab_server.config import EMBEDDED, Settings
from vocab_server.database import open_database
from vocab_server.database.copying import filled, holds_something, revisions
from vocab_server.editing.commit import Step
from vocab_server.errors import InvalidError
from vocab_server.operation.archive import DATABASE, Manifest, read_manifest, unpack
from vocab_server.operation.backup import DISK_ERRORS, database_file
from vocab_server.services import open_services

UNFINISHED = "restoring"  # in the data directory, which may be a disk of its own
BORNE = frozenset({UNFINISHED, "lost+found"})  # what may lie in a directory that is new


def restore(settings: Settings, file: Path, step: Step = lambda _: None) -> Manifest:
    """Make the data directory from a backup: unpack, migrate, and make the projections anew.

    The database comes to its place last, so half a restore is never taken for a whole one. Raises
    InvalidError when the data directory or the database holds something, for a backup that is
    damaged or of a newer version, and when the disk refuses; nothing is changed then.
    """
    _refuse_used(settings)
    _refuse_newer(read_manifest(file))
    work = settings.data / UNFINISHED
    is_new = not settings.data.exists()
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        rmtree(work, ignore_errors=True)  # of a restore that died
        work.mkdir(mode=0o700)
        manifest = unpack(file, work)
        _project(replace(settings, data=work, database=""), step)
        _put_in_place(work, settings)
    except DISK_ERRORS as error:
        raise InvalidError(f"The backup cannot be restored: {error}.") from error
    finally:
        rmtree(work, ignore_errors=True)
        if is_new and not any(_entries(settings.data)):
            settings.data.rmdir()
    return manifest


def _refuse_used(settings: Settings) -> None:
    data = settings.data
    found = sorted(path.name for path in _entries(data) if path.name not in BORNE)
    if found:
        listed = ", ".join(found[:5])
        raise InvalidError(
            f"The data directory {data} holds something already ({listed}), and nothing there is"
            " overwritten. Move it away, or set VOCAB_SERVER_DATA to a new directory."
        )
    target = database_file(settings)
    if target is None:
        _refuse_filled(settings)
    elif target.exists():
        raise InvalidError(f"The database {target} is there already. Move it away.")


def _refuse_filled(settings: Settings) -> None:
    engine = open_database(settings.database_url)
    try:
        if holds_something(engine):
            raise InvalidError(
                f"The database {engine.url.render_as_string(hide_password=True)} holds something"
                " already, and nothing there is overwritten. Make a new one with createdb, and set"
                " VOCAB_SERVER_DATABASE to it."
            )
    finally:
        engine.dispose()


def _entries(data: Path) -> Iterator[Path]:
    return data.iterdir() if data.exists() else iter(())


def _refuse_newer(manifest: Manifest) -> None:
    if manifest.revision not in revisions():
        raise InvalidError(
            f"This backup was made by vocab-server {manifest.version}, whose database is newer"
            f" ({manifest.revision}). Install that version, or a later one, and restore again."
        )


def _project(inner: Settings, step: Step) -> None:
    """Bring the tables to this version and make store, index and statistics from the log.

    A remote engine stays as it is: it may be that of a server which still runs.
    """
    local = replace(inner, store=EMBEDDED, store_update="")
    with closing(open_services(local)) as services:
        services.writer.rebuild(step)


def _put_in_place(work: Path, settings: Settings) -> None:
    target = database_file(settings)
    if target is None:
        _fill(work, settings)
        return
    _put_files_in_place(work, settings.data)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.{UNFINISHED}")
    move(work / DATABASE, unfinished)  # which may be on another disk
    unfinished.replace(target)


def _fill(work: Path, settings: Settings) -> None:
    engine = open_database(settings.database_url)
    try:
        with filled(engine, work / DATABASE):
            _put_files_in_place(work, settings.data)
    finally:
        engine.dispose()


def _put_files_in_place(work: Path, data: Path) -> None:
    for path in work.iterdir():
        if not path.name.startswith(DATABASE):
            path.rename(data / path.name)
