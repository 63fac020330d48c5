"""What a harvest brings: all pages as one file of N-Triples, and what was noticed on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vocab_server.outbound import NO_VALIDATORS, Validators
from vocab_server.rdf.composing import digest
from vocab_server.rdf.namespaces import DCAT, DCT, HYDRA, RDF
from vocab_server.rdf.ntriples import read_literal
from vocab_server.rdf.repair import Note
from vocab_server.store.parsing import parse

_HYDRA = f"<{HYDRA}".encode()
_TYPE, _TITLE = f"<{RDF.type}>".encode(), f"<{DCT.title}>".encode()
_DATASETS = {f"<{DCAT[name]}> .".encode() for name in ("Dataset", "DatasetSeries")}
_CATALOG = f"<{DCAT.Catalog}> .".encode()


@dataclass(frozen=True, slots=True)
class Harvested:
    """Everything that a source says now; ``remarks`` tell in words what was odd.

    ``validators`` are for the next time, where one request is all that a source takes.
    """

    file: Path
    remarks: tuple[str, ...] = ()
    validators: Validators = NO_VALIDATORS


class Pages:
    """A file of N-Triples that takes pages one after the other, each statement once.

    How a catalog is cut into pages (Hydra Core Vocabulary, 5.4) is no part of what it says, and
    is left out.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "harvested.nt"
        self.remarks: list[str] = []
        self._folder = folder
        self._held: set[bytes] = set()
        self.file.write_bytes(b"")

    def add(self, page: Path, name: str, base_iri: str, format: str | None = None) -> list[bytes]:
        """Read a page in any format of RDF; the lines that are about pages.

        What can be repaired safely is repaired and told. Raises InvalidError for what is no RDF.
        """
        read = self._folder / "page.nt"
        parsed = parse(
            page, file_name=name, format=format, base_iri=base_iri, target=read, fix=True
        )
        self.remarks += map(told, parsed.notes)
        paging = []
        with read.open("rb") as lines, self.file.open("ab") as target:
            for line in lines:
                if _is_paging(line):
                    paging.append(line)
                elif (found := digest(line)) not in self._held:
                    self._held.add(found)
                    target.write(line)
        return paging


def told(note: Note) -> str:
    """A note on a file in a sentence."""
    place = f"Line {note.line}: " if note.line else ""
    return f"{place}{note.problem} {note.remedy}".strip()


def _is_paging(line: bytes) -> bool:
    _, predicate, value = line.split(b" ", 2)
    return predicate.startswith(_HYDRA) or (predicate == _TYPE and value.startswith(_HYDRA))


@dataclass(frozen=True, slots=True)
class Item:
    """A dataset in a harvest; ``digest`` stands for all that is said of it, ``title`` is one."""

    digest: str
    title: str


def items_of(file: Path) -> dict[str, Item]:
    """The datasets of a file of N-Triples in which each statement is once, by IRI.

    What belongs to a dataset is what it leads to, but no other dataset and no catalog.
    """
    sums, datasets, catalogs, titles = _summed(file)
    apart = datasets | catalogs
    of: dict[bytes, int] = {dataset: sums[dataset] for dataset in datasets}
    for subject, _, value in _lines(file):
        part = value.removesuffix(b" .")
        if subject in of and part in sums and part not in apart:
            of[subject] += sums[part]
    return {
        dataset[1:-1].decode(): Item(f"{total % (1 << 128):032x}", titles.get(dataset, ""))
        for dataset, total in of.items()
    }


def _summed(
    file: Path,
) -> tuple[dict[bytes, int], set[bytes], set[bytes], dict[bytes, str]]:
    """For each subject the sum of its lines' digests; which are datasets, catalogs; titles."""
    sums: dict[bytes, int] = {}
    datasets, catalogs = set[bytes](), set[bytes]()
    titles: dict[bytes, str] = {}
    for subject, predicate, value in _lines(file):
        line = b" ".join((subject, predicate, value))
        sums[subject] = sums.get(subject, 0) + int.from_bytes(digest(line))
        if predicate == _TYPE and value in _DATASETS:
            datasets.add(subject)
        elif predicate == _TYPE and value == _CATALOG:
            catalogs.add(subject)
        elif predicate == _TITLE and value.startswith(b'"'):
            titles.setdefault(subject, read_literal(value.decode().removesuffix(" ."))[1])
    return sums, datasets, catalogs, titles


def _lines(file: Path) -> Iterator[tuple[bytes, bytes, bytes]]:
    with file.open("rb") as lines:
        for line in lines:
            subject, predicate, value = line.rstrip(b"\n").split(b" ", 2)
            yield subject, predicate, value
