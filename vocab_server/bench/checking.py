"""All quality checks on a vocabulary, with and without circles in it: how long they take.

In the process apart that reports are made in, from a file of N-Triples, loading left out.
"""

import multiprocessing
import random
import resource
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from vocab_server.bench.bed import BASE, VOCABULARY, Bed
from vocab_server.bench.field import field_milliseconds
from vocab_server.bench.targets import Result, result
from vocab_server.config import MIB
from vocab_server.errors import VocabServerError
from vocab_server.quality.apart import check_apart
from vocab_server.quality.files import GRAPH
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.store.parsing import parse

CIRCLES = 200
LARGE = 100_000  # concepts from which on a vocabulary may take longer
_CONCEPT = f" <{RDF.type}> <{SKOS.Concept}> ."
_BROADER = f" <{SKOS.broader}> "


def measure_checks(bed: Bed, _seconds: float) -> Iterator[Result]:
    """All checks, as it is and with CIRCLES injected circles; then those of single edits."""
    with tempfile.TemporaryDirectory(dir=bed.directory) as work:
        sound, dirty = Path(work) / "sound.nt", Path(work) / "dirty.nt"
        parse(bed.file, base_iri=f"{BASE}/id/{VOCABULARY}/", target=sound, fix=True)
        large = ", large vocabulary" if _concepts(sound) > LARGE else ""
        injected = _inject(sound, dirty)
        clean, needed = _checked_alone(sound, Path(work) / "sound.sqlite")
        yield result(f"quality, all checks{large}", bed.name, clean)
        if injected:
            circled, needed_more = _checked_alone(dirty, Path(work) / "dirty.sqlite")
            needed = max(needed, needed_more)
            yield result("quality, all checks, with circles", bed.name, circled, clean)
        yield result("quality, memory", bed.name, needed)
        taken = field_milliseconds(sound)
        yield result("checks at the field, 95 of 100", bed.name, taken[len(taken) * 95 // 100])


def _concepts(file: Path) -> int:
    with file.open(encoding="utf-8") as lines:
        return sum(line.rstrip().endswith(_CONCEPT) for line in lines)


def _inject(sound: Path, dirty: Path) -> int:
    """Copy N-Triples and put concepts above those that they are under; how many."""
    text = sound.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if _BROADER in line]
    turned = random.Random(1).sample(lines, min(CIRCLES, len(lines)))  # noqa: S311  (no secret)
    with dirty.open("w", encoding="utf-8") as file:
        file.write(text)
        for line in turned:
            lower, upper = line.removesuffix(" .").split(_BROADER)
            file.write(f"{upper}{_BROADER}{lower} .\n")
    return len(turned)


def _checked_alone(file: Path, target: Path) -> tuple[float, float]:
    """What ``_checked`` gives, from a new process: the peak of one that had others is theirs."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as alone:
        return alone.submit(_checked, file, target).result()


def _checked(file: Path, target: Path) -> tuple[float, float]:
    """Seconds of processor time for all checks, and the most memory they needed, in MB.

    Raises VocabServerError when a check cannot be run.
    """
    results = check_apart(target, file=file, graph=GRAPH).results()
    for found in results:
        if found.failure:
            raise VocabServerError(f"{found.check.id}: {found.failure}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # in KiB (getrusage(2))
    return sum(found.seconds for found in results), peak * 1024 / MIB
