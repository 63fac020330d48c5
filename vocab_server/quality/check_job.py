"""What a process that runs checks is asked to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckJob:
    """What the parent asks for: a snapshot's directory or a file of N-Triples; bytes of memory.

    ``broken`` are addresses that did not answer.
    """

    snapshot: str | None
    file: str | None
    graph: str
    languages: tuple[str, ...]
    broken: tuple[str, ...]
    checks: tuple[str, ...]
    target: str
    memory: int
    parent: int
