"""The benchmark as a whole: which parts over which vocabularies, in a directory that goes away."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from vocab_server.bench.bed import BASE, VOCABULARY, Bed
from vocab_server.bench.cataloguing import measure_catalogs
from vocab_server.bench.editing import measure_editing
from vocab_server.bench.generate import write_vocabulary
from vocab_server.bench.parts import PARTS, Part, measure_growth
from vocab_server.bench.plan import Plan
from vocab_server.bench.suggesting import measure_suggestions
from vocab_server.bench.targets import Result
from vocab_server.editing.commit import Step

GROWTH = "growth"  # not a part like the others: it needs two vocabularies, and minutes
SITES = {
    "suggest": measure_suggestions,
    "catalog": measure_catalogs,
    "editing": measure_editing,
}  # parts that fill sites of their own
NAMES = (*(part.name for part in PARTS), *SITES, GROWTH)
TIMES = 10  # growth compares a vocabulary this much smaller with one this much larger


def run(plan: Plan, step: Step = lambda _: None) -> Iterator[Result]:
    """The results, as they come. ``step`` is told what is measured next.

    Raises VocabServerError when a server or the reference cannot be run.
    """
    with tempfile.TemporaryDirectory(prefix="vocab-server-bench-") as work:
        chosen = [part for part in PARTS if part.name in plan.names]
        if chosen and not plan.files:
            with _generated(Path(work), plan.concepts) as bed:
                yield from _measured(chosen, bed, plan, step)
        for place, file in enumerate(plan.files):
            with Bed(file.name, file, _directory(Path(work), f"file-{place}")) as bed:
                yield from _measured([p for p in chosen if p.for_files], bed, plan, step)
        for name in (name for name in SITES if name in plan.names and not plan.files):
            yield from SITES[name](Path(work), plan, step)
        if GROWTH in plan.names:
            with ExitStack() as opened:
                sizes = plan.concepts // TIMES, plan.concepts * TIMES
                beds = [opened.enter_context(_generated(Path(work), size)) for size in sizes]
                step(GROWTH)
                yield from measure_growth(*beds)


def _measured(parts: Sequence[Part], bed: Bed, plan: Plan, step: Step) -> Iterator[Result]:
    for part in parts:
        step(f"{part.name}, {bed.name}")
        yield from part.measure(bed, plan.seconds)


def _generated(work: Path, concepts: int) -> Bed:
    directory = _directory(work, str(concepts))
    file = directory / "generated.nt"
    write_vocabulary(file, BASE, VOCABULARY, concepts)
    return Bed(f"{concepts} concepts", file, directory, is_generated=True)


def _directory(work: Path, name: str) -> Path:
    made = work / name
    made.mkdir()
    return made
