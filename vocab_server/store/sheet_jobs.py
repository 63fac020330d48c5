"""What the processes that write and read spreadsheets are asked to do."""

from dataclasses import dataclass

MIB = 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class WritingJob:
    """N-Triples into a workbook or a CSV file.

    ``about`` are the rows of the last sheet: a name for programs, a value. Names of concepts are
    shown in the first of the ``languages`` that they have one in; with ``is_chosen`` no texts in
    other languages are written.
    """

    source: str
    target: str
    work: str
    form: str
    state: str
    about: list[tuple[str, str]]
    languages: list[str]
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class ReadingJob:
    """A workbook or CSV file into rows of text, one in each line of JSON; sizes in bytes."""

    source: str
    name: str
    work: str
    target: str
    parent: int
    size: int = 512 * MIB
    cells: int = 50_000_000
    memory: int = 3072 * MIB
