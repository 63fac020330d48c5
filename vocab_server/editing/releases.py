"""Releases: a vocabulary frozen under a name, for ever.

Kept are the record in the catalog graph, by way of the log, and the statements as a file, gzipped
N-Triples in the order of their bytes. The file is a projection as others: when it is lost or
damaged it is made again from the log, and its checksum tells that nothing is different.
"""

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from time import time

from vocab_server.database.log import ChangeLog
from vocab_server.editing.commit import Writer
from vocab_server.editing.gate import Gate
from vocab_server.errors import InvalidError, StoreUnavailableError
from vocab_server.rdf.change import BLOCK, blocks
from vocab_server.rdf.composing import compose
from vocab_server.rdf.formats import Format
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.rdf.sorting import sorted_lines
from vocab_server.skos.releases import (
    LONGEST_NOTES,
    Release,
    check_name,
    list_releases,
    record,
    refuse_earlier,
    refuse_taken,
)
from vocab_server.skos.vocabularies import Registration, get_registration
from vocab_server.store.converting import convert_file
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.snapshots import number_of

LEVEL = 6  # of gzip
OLD = 24 * 3600  # seconds
_BEGUN = ".begun-"
_CONCEPT = f" <{RDF.type}> <{SKOS.Concept}> .\n".encode()


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was written into a file of a release."""

    statements: int
    concepts: int
    checksum: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a release is to be called, by whom, and when it is issued."""

    name: str
    author: str
    notes: str
    issued: datetime


@dataclass(frozen=True, slots=True)
class Releases:
    """The releases of all vocabularies; ``directory`` holds their files."""

    directory: Path
    log: ChangeLog
    writer: Writer
    base: str
    gate: Gate | None = None

    def freeze(
        self,
        vocabulary: str,
        name: str,
        author: str,
        notes: str = "",
        issued: datetime | None = None,
    ) -> Release:
        """Make what is published of a vocabulary a release, issued now or at a time that is past.

        Raises InvalidError for a name that cannot be, for too long notes, for a time to come or
        before that of the last release, and for a vocabulary without statements, RuleBrokenError
        for what the gate stops, ConflictError when the name is taken, NotFoundError for an unknown
        vocabulary.
        """
        check_name(name)
        now = datetime.now(UTC).replace(microsecond=0)
        if len(notes) > LONGEST_NOTES:
            raise InvalidError(
                "The notes are longer than %(longest)s characters.",
                longest=LONGEST_NOTES,
            )
        if issued and issued > now:
            raise InvalidError("A release is not issued in the future. Choose today, or leave it.")
        asked = _Asked(name, author, notes.strip(), issued or now)
        with self._work() as work:
            return self._freeze(vocabulary, asked, Path(work))

    def file(self, release: Release) -> Path:
        """The gzipped, sorted N-Triples of a release, made again when they are not as they were.

        Stand-ins for blank nodes keep their names. Raises StoreUnavailableError when the log does
        not say what the release said.
        """
        path = self._path(release)
        if not _is_whole(path, release.checksum):
            with self._work() as work:
                self._make_again(release, path, Path(work))
        return path

    def download(self, release: Release, form: Format) -> Path:
        """A release as a gzipped file of a format; made when it is first asked for."""
        made = f"{release.name}.{release.checksum[:16]}.{form.extension}.gz"
        path = self._path(release).parent / "made" / made
        if not path.exists():
            with self._work() as work:
                convert_file(self.file(release), form.media_type, Path(work) / made)
                self._place(Path(work) / made, path)
        return path

    def _freeze(self, vocabulary: str, asked: "_Asked", work: Path) -> Release:
        registration, number, dumped = self._dump(vocabulary, work)
        counted = write_frozen(blocks(dumped), work / "frozen.nt.gz", work)
        if not counted.statements:
            raise InvalidError(
                "The vocabulary %(vocabulary)r is empty: there is nothing to release.",
                vocabulary=vocabulary,
            )
        release = Release(
            graph=registration.graph,
            name=asked.name,
            issued=asked.issued,
            number=number,
            statements=counted.statements,
            concepts=counted.concepts,
            checksum=counted.checksum,
            notes=asked.notes,
        )
        with self.writer.open() as transaction:
            earlier = list_releases(transaction.store, self.base).get(registration.graph, ())
            refuse_taken(earlier, asked.name)
            refuse_earlier(earlier, asked.issued)
            # Before the record: who dies in between leaves a file that nobody knows of.
            self._place(work / "frozen.nt.gz", self._path(release))
            patch = record(registration, release, earlier)
            details = {"release": asked.name}
            transaction.commit([patch], asked.author, f"Release {asked.name}", details=details)
        return release

    def _dump(self, vocabulary: str, work: Path) -> tuple[Registration, int, Path]:
        """What is published of a vocabulary, and the number of the last change in it.

        From a snapshot, so that nobody waits to write meanwhile.
        """
        found = self.writer.snapshots.open()
        if found is None:
            raise StoreUnavailableError("Nothing is published yet. Run: vocab-server init")
        path, lease = found
        store = EmbeddedStore.read_only(path / "store")
        try:
            registration = get_registration(store, self.base, vocabulary)
            if self.gate is not None:
                self.gate.check_release(registration.graph, path)
            store.dump(registration.graph, work / "dump.nt")
            return registration, number_of(path), work / "dump.nt"
        finally:
            store.close()
            lease.close()

    def _make_again(self, release: Release, path: Path, work: Path) -> None:
        read = partial(self.log.stream, 0, until=release.number, graph=release.graph)
        composed = compose(release.graph, read, work, "all")
        counted = write_frozen(composed.added_blocks(), work / "frozen.nt.gz", work)
        if counted.checksum != release.checksum:
            raise StoreUnavailableError(
                "The file of the release %(release)r is lost or damaged, and the change log does"
                " not say the same. Restore the data directory from a backup.",
                release=release.name,
            )
        self._place(work / "frozen.nt.gz", path)

    def _path(self, release: Release) -> Path:
        return self.directory / _vocabulary(release) / f"{release.name}.nt.gz"

    def _work(self) -> TemporaryDirectory[str]:
        """A directory for what is not finished, on the same disk: renaming is all it takes.

        What processes that died left behind a day ago goes.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        for left in self.directory.glob(f"{_BEGUN}*"):
            if left.stat().st_mtime < time() - OLD:
                rmtree(left, ignore_errors=True)
        return TemporaryDirectory(prefix=_BEGUN, dir=self.directory)

    def _place(self, made: Path, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        made.replace(path)


def write_frozen(found: Iterable[bytes], target: Path, work: Path) -> _Counted:
    """Write statements in the order of their bytes, gzipped, safe from power loss."""
    digest = sha256()
    statements = concepts = 0
    with target.open("wb") as raw:
        with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=LEVEL, mtime=0) as packed:
            for block in _gathered(sorted_lines(found, work)):
                digest.update(block)
                statements += block.count(b"\n")
                concepts += block.count(_CONCEPT)
                packed.write(block)
        raw.flush()
        os.fsync(raw.fileno())
    return _Counted(statements, concepts, digest.hexdigest())


def _gathered(lines: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= BLOCK:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def unpacked(path: Path) -> Iterator[bytes]:
    """The content of a gzipped file in blocks."""
    with gzip.open(path, "rb") as packed:
        while block := packed.read(BLOCK):
            yield block


def _is_whole(path: Path, checksum: str) -> bool:
    try:
        found = path.stat()
        return _checksum(path, found.st_size, found.st_mtime_ns) == checksum
    except (OSError, EOFError, zlib.error):
        return False


@lru_cache(maxsize=1_000)
def _checksum(path: Path, _size: int, _time: int) -> str:
    """The checksum of what is in a gzipped file, read once for as long as the file stays."""
    digest = sha256()
    for block in unpacked(path):
        digest.update(block)
    return digest.hexdigest()


def _vocabulary(release: Release) -> str:
    return str(release.graph).rpartition("/")[2]
