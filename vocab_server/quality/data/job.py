"""What a process that looks into a file of data is asked to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class DataJob:
    """A file to look into; ``size`` and ``memory`` in bytes.

    ``stated`` is its format as it is described, as a short word, "" when it is not. ``schema`` is
    a Table Schema or CSVW metadata. ``concepts`` names columns that hold concepts, each with a
    vocabulary and with what concepts are written by: notation, label, iri, or "" for any.
    """

    source: str
    name: str
    work: str
    parent: int
    size: int
    memory: int
    stated: str = ""
    schema: Mapping[str, Any] | None = None
    concepts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
