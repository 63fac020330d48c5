"""What a process that runs shapes is asked to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShapesJob:
    """Files of N-Triples with data and shapes; ``target`` gets the results; bytes of memory."""

    name: str
    work: str
    data: str
    shapes: str
    target: str
    only_reference: bool
    memory: int
    parent: int
