"""The one file of a backup: a gzipped tar that begins with a list of what is in it.

Names, sizes and checksums are in ``manifest.json``, so what was cut, damaged or smuggled in is
noticed before anything of it is used.
"""

import gzip
import hashlib
import json
import os
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from vocab_server.errors import InvalidError

FORMAT = 1
DATABASE = "vocab-server.sqlite"
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 64 * 1024 * 1024  # bytes
LEVEL = 1  # of gzip: what is big in it is compressed already
PIECE = 1024 * 1024  # bytes
# Files of the data directory that cannot be made again, or only at a cost, beside the database.
KEPT = (
    "secret-key",  # without it everybody would be signed out, and links sent by mail worth nothing
    "releases/*/*.nt.gz",  # what was released, byte for byte
)
_SPOILT = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a backup; ``size`` in bytes, ``checksum`` is SHA-256."""

    name: str
    size: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds; ``created`` is a time in ISO 8601, ``last_change`` a number of the log.

    ``revision`` is the version of the tables in the database, ``version`` that of the program.
    """

    format: int
    version: str
    revision: str
    created: str
    base_url: str
    last_change: int
    files: tuple[Entry, ...]

    def to_json(self) -> bytes:
        """The manifest as it stands in the file."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Manifest":
        """The manifest of a file. Raises InvalidError for a newer form and for none at all."""
        try:
            found = json.loads(data)
            newest = int(found["format"])
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidError("This is no backup of vocab-server.") from error
        if newest > FORMAT:
            raise InvalidError(
                f"This backup was made by vocab-server {found.get('version')}, which is newer."
                " Install that version, or a later one, and restore again."
            )
        try:
            return cls._read(found)
        except (KeyError, TypeError) as error:
            raise InvalidError(f"The list in the backup is damaged: {error!r}.") from error

    @classmethod
    def _read(cls, found: dict[str, Any]) -> "Manifest":
        files = tuple(Entry(**entry) for entry in found.pop("files"))
        for entry in files:
            _check_name(entry.name)
        return cls(files=files, **found)


def _check_name(name: str) -> None:
    """Raise InvalidError for a file that would come to lie where no backup puts one."""
    path = PurePosixPath(name)
    fits = name == DATABASE or any(path.match(pattern) for pattern in KEPT)
    if not fits or path.is_absolute() or ".." in path.parts or "\\" in name:
        raise InvalidError(f"The backup holds a file that does not belong there: {name!r}.")


def describe(name: str, path: Path) -> Entry:
    """A file as the manifest lists it."""
    with path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    return Entry(name, path.stat().st_size, checksum)


def write_archive(target: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Write a backup, safe from power loss when this returns. Raises OSError."""
    with open(target, "xb", opener=_for_owner) as raw:
        with (
            gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=LEVEL, filename="") as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
        ):
            _add(archive, MANIFEST, BytesIO(data := manifest.to_json()), len(data))
            for entry in manifest.files:
                with files[entry.name].open("rb") as file:
                    _add(archive, entry.name, file, entry.size)
        raw.flush()
        os.fsync(raw.fileno())


def _add(archive: tarfile.TarFile, name: str, content: BinaryIO, size: int) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    archive.addfile(info, content)


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)  # password hashes and the secret key are in it


def read_manifest(file: Path) -> Manifest:
    """What a backup says that it holds. Raises InvalidError when it cannot be read."""
    with _opened(file) as packed, _told(file), tarfile.open(fileobj=packed, mode="r|") as archive:
        return _manifest(archive)


def unpack(file: Path, directory: Path) -> Manifest:
    """Put the files of a backup into a directory, when all are as the manifest says.

    Raises InvalidError for a backup that is damaged, incomplete or not one, OSError when they
    cannot be written; what was written by then stays.
    """
    with _opened(file) as packed:
        with _told(file), tarfile.open(fileobj=packed, mode="r|") as archive:
            manifest = _manifest(archive)
            _unpack(archive, manifest, directory)
        with _told(file):
            while packed.read(PIECE):  # to the end, where the checksum of gzip is
                pass
    return manifest


def _opened(file: Path) -> gzip.GzipFile:
    try:
        return gzip.open(file, "rb")
    except OSError as error:
        raise InvalidError(f"{file} cannot be read: {error.strerror}.") from error


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """Whatever a damaged file makes the readers raise becomes one clear error."""
    try:
        yield
    except _WriteError as error:
        raise error.reason from error
    except _SPOILT as error:
        raise InvalidError(
            f"{file} is damaged, cut short or no backup ({error}). Take another one;"
            " nothing was changed."
        ) from error


class _WriteError(Exception):
    """A disk failed, not the backup."""

    def __init__(self, reason: OSError) -> None:
        self.reason = reason


def _manifest(archive: tarfile.TarFile) -> Manifest:
    first = archive.next()
    if first is None or first.name != MANIFEST or first.size > LARGEST_MANIFEST:
        raise InvalidError("This is no backup of vocab-server.")
    return Manifest.from_json(_content(archive, first).read())


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Any:
    content = archive.extractfile(member) if member.isreg() else None
    if content is None:
        raise InvalidError(f"The backup holds something that is no file: {member.name!r}.")
    return content


def _unpack(archive: tarfile.TarFile, manifest: Manifest, directory: Path) -> None:
    expected = {entry.name: entry for entry in manifest.files}
    while member := archive.next():
        entry = expected.pop(member.name, None)
        if entry is None or member.size != entry.size:
            raise ValueError(f"{member.name} is not as listed")
        if _copied(_content(archive, member), directory / entry.name) != entry.checksum:
            raise ValueError(f"the checksum of {entry.name} is wrong")
    if expected:
        raise ValueError(f"missing: {', '.join(sorted(expected))}")


def _copied(content: BinaryIO, target: Path) -> str:
    """Write a file; the checksum of what was written."""
    digest = hashlib.sha256()
    with _disk():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _disk(), open(target, "xb", opener=_for_owner) as file:
        for piece in _pieces(content):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            raise
        raise _WriteError(error) from error


def _pieces(content: BinaryIO) -> Iterator[bytes]:
    while piece := content.read(PIECE):
        yield piece
