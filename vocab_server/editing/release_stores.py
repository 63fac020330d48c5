"""Releases to be browsed: for each a directory that is read as a snapshot of what is published.

Made from the frozen file when it is first wanted; a projection that is deleted without harm. It
holds the one vocabulary and what the catalog says of it, so it costs what that vocabulary costs.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from rdflib import URIRef

from vocab_server.database.log import Block, Details, LoggedChange, Within
from vocab_server.editing.commit import Projection, Writer
from vocab_server.editing.releases import Releases, unpacked
from vocab_server.rdf.change import Change, FileChange, Patch
from vocab_server.rdf.composing import stream
from vocab_server.rdf.query import bind
from vocab_server.skos.releases import Release
from vocab_server.skos.vocabularies import catalog_of
from vocab_server.store.base import Reader
from vocab_server.store.snapshots import Snapshots

UNFINISHED = ".new"
_REGISTERED = "SELECT ?p ?o WHERE { GRAPH $catalog { $graph ?p ?o } }"


@dataclass(frozen=True, slots=True)
class ReleaseStores:
    """The directories of all releases that were browsed; ``projections`` are what pages read."""

    releases: Releases
    projections: tuple[type[Projection], ...]

    def snapshots(self, release: Release) -> Snapshots:
        """What readers see of a release; empty before it is made."""
        return Snapshots(self._path(release) / "snapshots")

    def make(self, release: Release, published: Reader) -> None:
        """Make a release browsable, unless it is; ``published`` knows what it is a release of.

        Two processes at once wait for one another. Raises StoreUnavailableError when the log does
        not say what the release said.
        """
        path = self._path(release)
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            if self.snapshots(release).current() is None:
                shutil.rmtree(path, ignore_errors=True)  # somebody damaged it
                self._make(release, published, path.with_name(f"{path.name}{UNFINISHED}"))
                path.with_name(f"{path.name}{UNFINISHED}").rename(path)

    def _make(self, release: Release, published: Reader, path: Path) -> None:
        shutil.rmtree(path, ignore_errors=True)  # of a process that died
        path.mkdir()
        lines, nothing = path / "lines.nt", path / "nothing.nt"
        with lines.open("wb") as file:
            file.writelines(unpacked(self.releases.file(release)))
        nothing.touch()
        frozen = FileChange(release.graph, lines, nothing)
        log = _FrozenLog(release, (self._registered(release, published), frozen))
        with Writer(path, log, self.projections).open():
            pass  # takes both in, and publishes a snapshot
        for left in path.iterdir():
            if left.name != "snapshots":  # links to the same files
                shutil.rmtree(left) if left.is_dir() else left.unlink()

    def _registered(self, release: Release, published: Reader) -> Change:
        catalog = catalog_of(self.releases.base)
        rows = published.select(bind(_REGISTERED, catalog=catalog, graph=release.graph))
        graph = URIRef(release.graph)
        return Change(catalog, frozenset((graph, row["p"], row["o"]) for row in rows))

    def _path(self, release: Release) -> Path:
        vocabulary = str(release.graph).rpartition("/")[2]
        own = f"{release.name}.{release.checksum[:16]}"
        return self.releases.directory / vocabulary / "browsed" / own


class _FrozenLog:
    """A log of what a release is made from, to which nothing is ever added. See Log."""

    def __init__(self, release: Release, patches: Sequence[Patch]) -> None:
        self._patches = patches
        self._release = release

    def append(
        self,
        patches: Sequence[Patch],
        author: str,
        message: str,
        details: Details | None = None,
        within: Within | None = None,
        after: int | None = None,
    ) -> int:
        """Raises RuntimeError: a release never changes."""
        raise RuntimeError(f"The release {self._release.name!r} never changes.")

    def last(self) -> int:
        """See Log."""
        return len(self._patches)

    def since(self, number: int, *, until: int | None = None) -> list[LoggedChange]:
        """See Log."""
        last = self.last() if until is None else until
        return [self._logged(n) for n in range(number + 1, last + 1)]

    def stream(self, number: int, *, until: int | None = None) -> Iterator[Block]:
        """See Log."""
        for patch in self._patches[number:until]:
            yield from stream(patch)

    def blocks(self, number: int, *, is_removal: bool) -> Iterator[bytes]:
        """See Blocks."""
        patch = self._patches[number - 1]
        return patch.removed_blocks() if is_removal else patch.added_blocks()

    def _logged(self, number: int) -> LoggedChange:
        release, graph = self._release, self._patches[number - 1].graph
        added = release.statements if graph == release.graph else 0
        return LoggedChange(self, number, graph, "", release.name, release.issued, added, 0, "", {})
