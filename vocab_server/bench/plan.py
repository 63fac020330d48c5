"""What a benchmark is asked to measure, and how much of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure: ``concepts`` in the generated vocabulary, ``seconds`` for each load.

    ``datasets`` are made of real ones. ``data`` is a directory of real vocabularies and catalogs,
    see ``bench.tagged.COLLECTIONS``.
    """

    names: Sequence[str]
    concepts: int = 50_000
    seconds: float = 6.0
    files: Sequence[Path] = ()
    datasets: int = 100_000
    data: Path | None = None
