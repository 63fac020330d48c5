"""Curation measured: drafts, acts and releases of a vocabulary as big as the biggest in use."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from vocab_server.bench.acts import acts, kinds
from vocab_server.bench.bed import BASE, HTML, VOCABULARY, Bed, page
from vocab_server.bench.calling import Caller, new_token
from vocab_server.bench.generate import write_vocabulary
from vocab_server.bench.load import milliseconds
from vocab_server.bench.plan import Plan
from vocab_server.bench.processes import ours, timed
from vocab_server.bench.targets import Result, result
from vocab_server.editing.commit import Step
from vocab_server.rdf.namespaces import DCT, SKOS
from vocab_server.services import open_services
from vocab_server.skos.releases import CURRENT

TIMES = 3.44  # as many concepts as in other parts: 172 000 in the usual run
SHARE = 172  # concepts for each change of the draft that is published: 1 000 in the usual run
CHANGED = 5  # of so many concepts one says something else in the next release
OPENED = 7  # drafts
PAGES = 100  # of each kind, in two turns
FIRST, SECOND = "first", "second"  # releases
_DRAFTS = f"/api/v1/vocabularies/{VOCABULARY}/drafts"
_RELEASES = f"/vocabularies/{VOCABULARY}/releases"


@dataclass(frozen=True, slots=True)
class _Office:
    """Where two people work on a vocabulary."""

    bed: Bed
    concepts: int
    author: Caller
    reviewer: Caller

    def run(self, *command: str) -> float:
        """Seconds that a command takes on the same data."""
        return timed(ours(*command), self.bed.environment)


def measure_editing(work: Path, plan: Plan, step: Step) -> Iterator[Result]:
    """A draft opened, changed and published; releases made, compared and browsed."""
    concepts = round(plan.concepts * TIMES)
    directory = work / "editing"
    directory.mkdir()
    file = directory / "generated.nt"
    write_vocabulary(file, BASE, VOCABULARY, concepts)
    with file.open("a", encoding="utf-8") as more:  # what a release needs
        more.write(f'<{BASE}/id/{VOCABULARY}> <{DCT.title}> "Measured"@en .\n')
    with Bed(f"{concepts} concepts", file, directory, is_generated=True) as bed:
        step(f"editing, import, {bed.name}")
        bed.seconds_to_import  # noqa: B018  (it must be there before anybody works on it)
        with closing(open_services(bed.settings)) as services:
            tokens = [new_token(services, name) for name in ("author", "reviewer")]
        office = _Office(bed, concepts, *(Caller(bed.ours.port, token) for token in tokens))
        step(f"editing, drafts, {bed.name}")
        frozen = office.run("release", VOCABULARY, FIRST)
        yield result("release, frozen", bed.name, frozen)
        yield from _measure_draft(office)
        step(f"editing, releases, {bed.name}")
        office.run("release", VOCABULARY, SECOND)
        yield from _measure_comparison(office)
        yield from _measure_release(office)


def _measure_draft(office: _Office) -> Iterator[Result]:
    """Drafts opened; then one of them changed by many acts, and published."""
    bed, author = office.bed, office.author
    opened = [author.call("POST", _DRAFTS, {"title": f"Draft {n}"}) for n in range(OPENED)]
    yield result("draft, opened", bed.name, median(each.milliseconds for each in opened))
    draft = f"/api/v1/drafts/{opened[-1].content['id']}"
    count = max(2 * kinds(), office.concepts // SHARE)
    used = bed.ours.cpu_seconds()
    taken = sorted(
        author.call("POST", f"{draft}/changes", operation).milliseconds
        for operation in acts(office.concepts, count)
    )
    used = bed.ours.cpu_seconds() - used
    yield result("act in a draft", bed.name, median(taken))
    yield result("act in a draft, 95 of 100", bed.name, taken[count * 95 // 100])
    yield result("act in a draft, processor", bed.name, used * 1000 / count)
    author.call("POST", f"{draft}/submit", {})
    office.reviewer.call("POST", f"{draft}/approve", {})
    used = bed.ours.cpu_seconds()
    published = office.reviewer.call("POST", f"{draft}/publish", {})
    yield result("draft of many changes, published", bed.name, published.milliseconds / 1000)
    used = bed.ours.cpu_seconds() - used
    yield result("draft of many changes, published, processor", bed.name, used)


def _measure_comparison(office: _Office) -> Iterator[Result]:
    """A release with the next, after a draft; and with what is there after a big import."""
    (taken,) = milliseconds(office.bed.ours, [f"{_RELEASES[:-9]}/diff/{FIRST}..{SECOND}"], HTML)
    yield result("releases compared, after a draft", office.bed.name, taken / 1000)
    file = office.bed.directory / "changed.nt"
    _write_changed(office.bed.file, file)
    office.run("import", VOCABULARY, str(file))
    (taken,) = milliseconds(office.bed.ours, [f"{_RELEASES[:-9]}/diff/{SECOND}..{CURRENT}"], HTML)
    yield result("releases compared, after an import", office.bed.name, taken / 1000)


def _measure_release(office: _Office) -> Iterator[Result]:
    """Pages of concepts in a release, in turns with pages of other concepts today."""
    bed, release = office.bed, f"{_RELEASES}/{FIRST}"
    yield result(
        "release, made ready to be browsed", bed.name, office.run("prepare", VOCABULARY, FIRST)
    )
    taken: dict[str, list[float]] = {"": [], release: []}
    for below in taken:
        milliseconds(bed.ours, [below + page(iri) for iri in bed.concepts.take(PAGES // 4)], HTML)
    for below in ("", release) * 2:
        paths = [below + page(iri) for iri in bed.concepts.take(PAGES // 2)]
        taken[below] += milliseconds(bed.ours, paths, HTML)
    yield result("pages of a release", bed.name, median(taken[release]), median(taken[""]))


def _write_changed(file: Path, target: Path) -> None:
    """Write a vocabulary in which every CHANGED-th definition is another one."""
    definition, count = f"<{SKOS.definition}>", 0
    with file.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as written:
        for line in lines:
            if definition in line:
                count += 1
                line = line if count % CHANGED else line.replace(" means.", " meant.")
            written.write(line)
