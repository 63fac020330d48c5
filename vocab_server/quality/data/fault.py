"""What may be wrong with a file, where it is, and what a check of one file found."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from vocab_server.quality.check import LONGEST, Severity, Words

SHOWN = 100  # places that a finding names


class Score(StrEnum):
    """What a fault says something about, each with a score of its own."""

    VALUES = "values"
    """What is in the file."""

    METADATA = "metadata"
    """How the file is described."""

    MANAGEMENT = "management"
    """How the file is kept and given out."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that may be wrong with a file, told once for pages, reports and tests.

    ``title`` names it, ``meaning`` says why it is wrong, ``remedy`` what to do, ``source`` which
    rule says so. ``note`` is what the note of a place tells. What is ``fatal`` hides everything
    else that may be in the file.
    """

    id: str
    severity: Severity
    score: Score
    title: Words
    meaning: Words
    remedy: Words
    source: str
    note: Words | None = None
    is_fatal: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault is: rows and lines from 1, the header being one; ``cell`` as in B7.

    ``value`` is what stands there, ``times`` in how many cells, of which this is the first;
    ``note`` is what belongs to the fault, in no language.
    """

    row: int | None = None
    column: str = ""
    cell: str = ""
    line: int | None = None
    sheet: str = ""
    value: str = ""
    note: str = ""
    times: int = 1

    def said(self) -> dict[str, Any]:
        """What is known of it, as JSON."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        usual = {"times": 1}
        return {n: v for n, v in told.items() if v not in (None, "") and v != usual.get(n)}


NOWHERE = Place()  # the file as a whole


@dataclass(frozen=True, slots=True)
class DataFinding:
    """A fault that a file has, ``count`` times; the first SHOWN ``places`` of it."""

    fault: str
    count: int
    places: tuple[Place, ...]


@dataclass(slots=True)
class Findings:
    """Faults as they are found."""

    _counts: dict[str, int] = field(default_factory=dict)
    _places: dict[str, list[Place]] = field(default_factory=dict)

    def add(self, fault: str, place: Place = NOWHERE) -> None:
        """Note a fault in a place; of long values the beginning."""
        self.add_all(fault, [place], 1)

    def add_all(self, fault: str, places: Iterable[Place], count: int) -> None:
        """Note a fault that is there ``count`` times, of which the first places are known."""
        self._counts[fault] = self._counts.get(fault, 0) + count
        known = self._places.setdefault(fault, [])
        for place in places:
            if len(known) >= SHOWN:
                return
            known.append(_short(place))

    def found(self) -> tuple[DataFinding, ...]:
        """All of them, in the order of their ids."""
        return tuple(
            DataFinding(fault, count, tuple(self._places[fault]))
            for fault, count in sorted(self._counts.items())
        )


def whole(text: str) -> str:
    """A text without halves of characters, which JSON may have and nothing can be written with."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _short(place: Place) -> Place:
    def cut(text: str) -> str:
        text = whole(text)
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

    return replace(place, value=cut(place.value), note=cut(place.note), column=cut(place.column))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: how many values it has, and what they mostly are.

    ``distinct`` are values, each with how often it is there and where first; only some, and of
    columns with text or declared to hold concepts.
    """

    name: str
    sheet: str
    filled: int
    kind: str
    concepts: str = ""
    by: str = ""
    distinct: Mapping[str, tuple[int, Place]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DataReport:
    """What a check of one file found. ``format`` is a short word, "" where it could not be told.

    ``size`` is in bytes, ``rows`` are those below headers, records, or features.
    """

    format: str = ""
    encoding: str = ""
    size: int = 0
    rows: int = 0
    columns: tuple[Column, ...] = ()
    findings: tuple[DataFinding, ...] = ()

    def with_more(self, findings: Iterable[DataFinding]) -> "DataReport":
        """The report with more findings; those of the same fault become one."""
        joined: dict[str, DataFinding] = {}
        for found in (*self.findings, *findings):
            before = joined.get(found.fault)
            joined[found.fault] = found if before is None else _together(before, found)
        ordered = tuple(joined[fault] for fault in sorted(joined))
        return replace(self, findings=ordered)


def _together(one: DataFinding, other: DataFinding) -> DataFinding:
    places = (*one.places, *other.places)[:SHOWN]
    return DataFinding(one.fault, one.count + other.count, places)


def to_plain(report: DataReport) -> dict[str, Any]:
    """A report as JSON keeps it, with only what is said of each place."""
    told = asdict(report)
    for finding in told["findings"]:
        finding["places"] = [Place(**place).said() for place in finding["places"]]
    for column in told["columns"]:
        column["distinct"] = {
            value: [count, Place(**place).said()]
            for value, (count, place) in column["distinct"].items()
        }
    return told


def from_plain(told: Mapping[str, Any]) -> DataReport:
    """The report that ``to_plain`` made JSON of."""
    return DataReport(
        told["format"],
        told["encoding"],
        told["size"],
        told["rows"],
        tuple(_column(column) for column in told["columns"]),
        tuple(
            DataFinding(f["fault"], f["count"], tuple(Place(**place) for place in f["places"]))
            for f in told["findings"]
        ),
    )


def _column(told: Mapping[str, Any]) -> Column:
    distinct = {value: (n, Place(**place)) for value, (n, place) in told["distinct"].items()}
    return Column(**{**told, "distinct": distinct})
