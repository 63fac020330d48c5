"""Files into vocabularies: read in a process apart, compared, and the difference committed."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rdflib import URIRef

from vocab_server.editing.commit import Step, Transaction, Writer
from vocab_server.errors import InvalidError
from vocab_server.rdf.change import FileChange, Patch, blocks
from vocab_server.rdf.composing import digest
from vocab_server.rdf.repair import Note
from vocab_server.skos.reading import Found, examine
from vocab_server.skos.vocabularies import find_registration, graph_of, register
from vocab_server.store.parsing import Parsed, parse


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read into a vocabulary; what is None is found out."""

    path: Path
    name: str
    format: str | None = None
    title: str | None = None
    namespace: str | None = None

    def read(
        self,
        base_iri: str,
        work: Path,
        *,
        fix: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> Parsed:
        """What the file says, as N-Triples in a folder; see ``store.parsing.parse``.

        ``base_iri`` is what relative addresses start from where there is no namespace. Raises
        InvalidError when the file cannot be read.
        """
        return parse(
            self.path,
            file_name=self.name,
            format=self.format,
            base_iri=self.namespace or base_iri,
            target=work / "read.nt",
            fix=fix,
            progress=progress,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What an import read and what it changed.

    ``added`` and ``removed`` count statements; ``number`` is that of the last change in the log,
    None when there was nothing to change or nothing was to be kept.
    """

    vocabulary: str
    format: str
    encoding: str
    statements: int
    found: Found
    notes: tuple[Note, ...]
    added: int
    removed: int
    number: int | None
    is_new: bool


def import_file(
    writer: Writer,
    base: str,
    vocabulary: str,
    source: Source,
    author: str,
    *,
    fix: bool = False,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    step: Step = lambda _: None,
    judge: Callable[[Path], None] | None = None,
) -> Report:
    """Make a vocabulary say what a file says, and make it known when it is new.

    Only the difference to what it says now is committed, all of it or nothing; nothing where
    ``judge``, which is given what was read as a file of N-Triples, raises an error. Raises
    InvalidError when the file cannot be read, or holds nothing of SKOS.
    """
    register(base, vocabulary, vocabulary)  # refuses a bad id before anything is read
    with tempfile.TemporaryDirectory(prefix="vocab-server-") as work:
        step("read")
        parsed = source.read(f"{base}/id/{vocabulary}/", Path(work), fix=fix, progress=progress)
        found = examine(blocks(parsed.target))
        if not found.has_skos:
            raise InvalidError(
                "%(source)s: There is nothing of SKOS in these %(statements)s statements: no"
                " concept, concept scheme or SKOS property. Is it another file?",
                source=source.name,
                statements=parsed.statements,
            )
        if judge is not None:
            step("check")
            judge(parsed.target)
        with writer.open() as transaction:
            step("compare")
            change = difference(transaction, graph_of(base, vocabulary), parsed, Path(work))
            is_new = find_registration(transaction.store, base, vocabulary) is None
            number = None
            if not dry_run:
                patches = _patches(change, base, vocabulary, source, found, is_new)
                number = transaction.commit(patches, author, f"Import {source.name}", step)
            return Report(
                vocabulary=vocabulary,
                format=parsed.format,
                encoding=parsed.encoding,
                statements=parsed.statements,
                found=found,
                notes=parsed.notes,
                added=count_lines(change.added),
                removed=count_lines(change.removed),
                number=number,
                is_new=is_new,
            )


def _patches(
    change: FileChange, base: str, vocabulary: str, source: Source, found: Found, is_new: bool
) -> list[Patch]:
    patches: list[Patch] = []
    if is_new:
        title = source.title or found.title or vocabulary
        patches.append(register(base, vocabulary, title, source.namespace))
    if change.added.stat().st_size or change.removed.stat().st_size:
        patches.append(change)
    return patches


def difference(transaction: Transaction, graph: URIRef, parsed: Parsed, work: Path) -> FileChange:
    """The change that makes a graph say what was read; in memory only a digest of each line."""
    before, added, removed = work / "before.nt", work / "added.nt", work / "removed.nt"
    transaction.store.dump(graph, before)
    old = _digests(before)
    new: set[bytes] = set()
    with parsed.target.open("rb") as lines, added.open("wb") as target:
        for line in lines:
            found = digest(line)
            if found not in new:
                new.add(found)
                if found not in old:
                    target.write(line)
    with before.open("rb") as lines, removed.open("wb") as target:
        target.writelines(line for line in lines if digest(line) not in new)
    return FileChange(graph, added, removed)


def _digests(file: Path) -> set[bytes]:
    with file.open("rb") as lines:
        return {digest(line) for line in lines}


def count_lines(file: Path) -> int:
    """How many statements a file of N-Triples holds."""
    return sum(block.count(b"\n") for block in blocks(file))
