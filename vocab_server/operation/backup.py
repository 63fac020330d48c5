"""Everything that cannot be made again, in one file, while the server goes on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from time import time

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from vocab_server.__version__ import __version__
from vocab_server.config import Settings
from vocab_server.database import open_database
from vocab_server.database.copying import copy_database, revision_of
from vocab_server.database.log import ChangeLog
from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.operation.archive import (
    DATABASE,
    FORMAT,
    KEPT,
    Entry,
    Manifest,
    describe,
    read_manifest,
    write_archive,
)

UNFINISHED = ".vocab-server-backup-"  # beside the file, so that a rename finishes it
OLD = 24 * 3600  # seconds
DISK_ERRORS = (OSError, sqlite3.Error, SQLAlchemyError)


def back_up(settings: Settings, file: Path) -> Manifest:
    """Write all that cannot be made again into a file, which is there whole or not at all.

    An earlier backup of that name is replaced, any other file is not. The database is as it was at
    one moment; others may read and write meanwhile. Raises InvalidError for a file that cannot be
    written, NotFoundError when there is nothing to back up, StoreUnavailableError for a damaged
    database.
    """
    _refuse_nothing(settings)
    if file.exists():
        _check_backup(file)
    try:
        return _written(settings, file)
    except DISK_ERRORS as error:
        raise InvalidError(
            f"The backup {file} cannot be written: {error}. Nothing is left of"
            " it; choose another place or make room."
        ) from error


def database_file(settings: Settings) -> Path | None:
    """Where the SQLite database is; None for a PostgreSQL. Raises InvalidError for one nowhere."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "postgresql":
        return None
    if not url.database:
        raise InvalidError("VOCAB_SERVER_DATABASE names no file.")
    return Path(url.database)


def _refuse_nothing(settings: Settings) -> None:
    source = database_file(settings)
    if source is not None:
        if not source.exists():
            raise NotFoundError(f"There is nothing to back up: {source} is not there.")
        return
    with _database(settings.database_url) as engine:
        if not revision_of(engine):
            raise NotFoundError("There is nothing to back up: the database has no tables.")


def _check_backup(file: Path) -> None:
    try:
        read_manifest(file)
    except InvalidError as error:
        raise InvalidError(f"{file} is there and no backup; choose a new name.") from error


def _written(settings: Settings, file: Path) -> Manifest:
    with _work(file.absolute().parent) as work, _database(settings.database_url) as engine:
        manifest, files = _gathered(settings, engine, work)
        write_archive(work / "backup", manifest, files)
        (work / "backup").replace(file)
    return manifest


@contextmanager
def _work(directory: Path) -> Iterator[Path]:
    """A directory for what is not finished; what died a day ago goes."""
    for left in directory.glob(f"{UNFINISHED}*"):
        if left.stat().st_mtime < time() - OLD:
            rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=UNFINISHED, dir=directory) as work:
        yield Path(work)


@contextmanager
def _database(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _gathered(settings: Settings, engine: Engine, work: Path) -> tuple[Manifest, dict[str, Path]]:
    """The list of what is backed up, and where each file is.

    The database comes first: the file of a release is there before the record of it.
    """
    copy = work / DATABASE
    copy_database(engine, copy)
    files = {DATABASE: copy, **dict(_kept(settings.data))}
    with _database(f"sqlite:///{copy}") as copied:
        manifest = Manifest(
            format=FORMAT,
            version=__version__,
            revision=revision_of(copied),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            base_url=settings.base,
            last_change=ChangeLog(copied).last(),
            files=tuple(_described(files)),
        )
    return manifest, files


def _kept(data: Path) -> Iterator[tuple[str, Path]]:
    for pattern in KEPT:
        for path in sorted(data.glob(pattern)):
            yield path.relative_to(data).as_posix(), path


def _described(files: dict[str, Path]) -> Iterator[Entry]:
    return (describe(name, path) for name, path in files.items())
