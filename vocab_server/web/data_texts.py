"""What pages say of faults of data: the rows of FAULTS in the reader's language, and places."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from vocab_server.database.data_checks import State
from vocab_server.quality.check import Severity
from vocab_server.quality.data.fault import DataReport, Fault, Place, Score
from vocab_server.quality.data.faults import get_fault
from vocab_server.quality.data.scores import scores
from vocab_server.quality.data.telling import gravest_first
from vocab_server.reading import interface_language

STATES = {
    State.WAITING: lazy_gettext("The check waits for its turn."),
    State.FETCHING: lazy_gettext("The file is being fetched."),
    State.READING: lazy_gettext("The file is being looked into."),
    State.COMPARING: lazy_gettext("The values are being compared with vocabularies."),
}
KINDS = {  # what the values of a column mostly are
    "number": lazy_gettext("numbers"),
    "date": lazy_gettext("dates"),
    "boolean": lazy_gettext("true or false"),
}
SCORES = {
    Score.VALUES: (lazy_gettext("Values"), lazy_gettext("What is in the file")),
    Score.METADATA: (lazy_gettext("Description"), lazy_gettext("How the file is described")),
    Score.MANAGEMENT: (lazy_gettext("Management"), lazy_gettext("How the file is given out")),
}
WAYS = {
    "": lazy_gettext("Notation, name or address"),
    "notation": lazy_gettext("Notation"),
    "label": lazy_gettext("Name"),
    "iri": lazy_gettext("Address"),
}


@dataclass(frozen=True, slots=True)
class FaultTexts:
    """A fault in the reader's language; ``note`` heads what the notes of its places tell."""

    id: str
    title: str
    meaning: str
    remedy: str
    source: str
    note: str
    severity: Severity
    score: Score


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a fault in words, with what stands there how often, and what belongs to it."""

    where: str
    value: str
    note: str
    times: int


@dataclass(frozen=True, slots=True)
class FoundFault:
    """A fault of a file: ``count`` places, of which the first are shown."""

    fault: FaultTexts
    count: int
    spots: Sequence[Spot]

    @property
    def is_cut(self) -> bool:
        """Whether there are more places than are shown."""
        return self.count > sum(spot.times for spot in self.spots)


@dataclass(frozen=True, slots=True)
class Shown:
    """A report as pages show it: the gravest first; a score is None when nothing can be told."""

    report: DataReport
    faults: Sequence[FoundFault]
    scores: Sequence[tuple[str, str, float | None]]
    violations: int


def fault_texts(fault: Fault) -> FaultTexts:
    """A fault in the reader's language."""
    language = interface_language()
    return FaultTexts(
        fault.id,
        fault.title.said(language),
        fault.meaning.said(language),
        fault.remedy.said(language),
        fault.source,
        fault.note.said(language) if fault.note else "",
        fault.severity,
        fault.score,
    )


def shown_report(report: DataReport) -> Shown:
    """A report in the reader's language."""
    faults = [
        FoundFault(
            fault_texts(get_fault(found.fault)),
            found.count,
            [
                Spot(told_place(place), place.value, _note(found.fault, place), place.times)
                for place in found.places
            ],
        )
        for found in gravest_first(report)
    ]
    grave = [found.count for found in faults if found.fault.severity is Severity.VIOLATION]
    told = [(str(name), str(about), scores(report)[kind]) for kind, (name, about) in SCORES.items()]
    return Shown(report, faults, told, sum(grave))


def _note(fault: str, place: Place) -> str:
    return str(KINDS.get(place.note, place.note)) if fault == "TAB-8" else place.note


def told_place(place: Place) -> str:
    """Where it is, in words; "" for the file as a whole."""
    told = [
        _("sheet %(name)s", name=place.sheet) if place.sheet else "",
        _("cell %(name)s", name=place.cell) if place.cell else "",
        _("row %(number)s", number=place.row) if place.row and not place.cell else "",
        _("line %(number)s", number=place.line) if place.line and place.line != place.row else "",
        _("column %(name)s", name=place.column) if place.column else "",
    ]
    return ", ".join(filter(None, told))
