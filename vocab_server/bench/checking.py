"""All quality checks on a vocabulary, with and without circles in it: how long they take.

In the process apart that reports are made in, from a file of N-Triples, loading left out.
"""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from vocab_server.bench.bed import BASE, VOCABULARY, Bed
from vocab_server.bench.field import field_milliseconds
from vocab_server.bench.targets import Result, result
from vocab_server.errors import VocabServerError
from vocab_server.quality.apart import check_apart
from vocab_server.quality.files import GRAPH
from vocab_server.rdf.namespaces import SKOS
from vocab_server.store.parsing import parse

CIRCLES = 200
_BROADER = f" <{SKOS.broader}> "


def measure_checks(bed: Bed, _seconds: float) -> Iterator[Result]:
    """All checks, as it is and with CIRCLES injected circles; then those of single edits."""
    with tempfile.TemporaryDirectory(dir=bed.directory) as work:
        sound, dirty = Path(work) / "sound.nt", Path(work) / "dirty.nt"
        parse(bed.file, base_iri=f"{BASE}/id/{VOCABULARY}/", target=sound, fix=True)
        injected = _inject(sound, dirty)
        clean = _seconds_of(sound, Path(work) / "sound.sqlite")
        yield result("quality, all checks", bed.name, clean)
        if injected:
            circled = _seconds_of(dirty, Path(work) / "dirty.sqlite")
            yield result("quality, all checks, with circles", bed.name, circled, clean)
        taken = field_milliseconds(sound)
        yield result("checks at the field, 95 of 100", bed.name, taken[len(taken) * 95 // 100])


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


def _seconds_of(file: Path, target: Path) -> float:
    """Seconds of processor time for all checks. Raises VocabServerError when one cannot be run."""
    results = check_apart(target, file=file, graph=GRAPH).results()
    for found in results:
        if found.failure:
            raise VocabServerError(f"{found.check.id}: {found.failure}")
    return sum(found.seconds for found in results)
