"""What a parse process is asked to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """What the parent asks for; sizes in bytes."""

    source: str
    name: str
    work: str
    target: str
    base_iri: str
    given: str | None
    named: str | None
    fix: bool
    size: int
    statements: int
    memory: int
    parent: int
    as_written: bool = False
