"""A file of data, looked into in a process apart, within bounds."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from vocab_server.errors import InvalidError, TooLargeError
from vocab_server.quality.data.fault import DataReport, Findings, from_plain
from vocab_server.quality.data.job import DataJob
from vocab_server.store.parsing import run_apart

MIB = 1024 * 1024  # bytes
_PROCESS = "vocab_server.quality.data.process"


@dataclass(frozen=True, slots=True)
class DataLimits:
    """How much one check may ask for: ``size`` and ``memory`` in bytes, ``seconds``."""

    size: int = 100 * MIB
    seconds: float = 60.0
    memory: int = 1024 * MIB


DATA_LIMITS = DataLimits()


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a file; see DataJob."""

    format: str = ""
    schema: Mapping[str, Any] | None = None
    concepts: Mapping[str, tuple[str, str]] = field(default_factory=dict)


NOTHING_TOLD = Told()


def look_into(
    source: Path, name: str, told: Told = NOTHING_TOLD, limits: DataLimits = DATA_LIMITS
) -> DataReport:
    """What is wrong with a file of data, whatever is in it; a fault, too, when it is too much."""
    size = source.stat().st_size
    if size > limits.size:
        return only("GET-2", size)
    with TemporaryDirectory(prefix="vocab-server-data-") as work:
        job = DataJob(
            source=str(source.absolute()),
            name=name,
            work=work,
            parent=os.getpid(),
            size=limits.size * 10,  # of a workbook, unpacked
            memory=limits.memory,
            stated=told.format,
            schema=told.schema,
            concepts=told.concepts,
        )
        try:
            found = run_apart(_PROCESS, job, limits.seconds, lambda *_: None)
        except (TooLargeError, InvalidError):  # it was stopped, or died
            return only("GET-3", size)
    return from_plain(found)


def only(fault: str, size: int = 0) -> DataReport:
    """A report that tells of one fault of the file as a whole."""
    findings = Findings()
    findings.add(fault)
    return DataReport(size=size, findings=findings.found())
