"""The yearly round: catalogs compared within groups of like organisations, and certificates.

After the form of the Republic of Korea's yearly assessment and its quality certificate: graded
within peer groups with their means shown, and valid for one year. Pure: the scores are given, as
they were on the last day of the year.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from rdflib import Literal, Namespace, URIRef
from rdflib.namespace import XSD

from vocab_server.quality import mqa, tag_quality
from vocab_server.rdf.change import Triple
from vocab_server.rdf.namespaces import DCT, OA, RDF

DQV = Namespace("http://www.w3.org/ns/dqv#")
LEAST_MQA = 221  # points: where the grade "good" begins
LEAST_TAGS = 60  # points of tag quality


@dataclass(frozen=True, slots=True)
class Entry:
    """A catalog in a round; ``group`` is the kind of its organisation, "" when it is not said."""

    catalog: URIRef
    group: str
    datasets: int
    mqa: float
    tags: float

    @property
    def is_certified(self) -> bool:
        """Whether it is described well, and its tags help to find the data."""
        return round(self.mqa) >= LEAST_MQA and round(self.tags) >= LEAST_TAGS


@dataclass(frozen=True, slots=True)
class Group:
    """Like organisations with their means, the best first."""

    kind: str
    mqa: float
    tags: float
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a round gave to a catalog: from the last day of its year, for one year."""

    entry: Entry
    year: int

    @property
    def issued(self) -> date:
        """The first day on which it is valid."""
        return last_day(self.year)

    @property
    def expires(self) -> date:
        """The last day on which it is valid."""
        return last_day(self.year + 1)

    def is_valid(self, day: date) -> bool:
        """Whether it is valid on a day."""
        return self.issued <= day <= self.expires

    def triples(self, iri: URIRef) -> Iterator[Triple]:
        """The certificate as linked data (DQV, 5.8; Web Annotation Vocabulary)."""
        valid = Literal(self.expires.isoformat(), datatype=XSD.date)
        yield iri, RDF.type, DQV.QualityCertificate
        yield iri, OA.hasTarget, self.entry.catalog
        yield iri, OA.hasBody, URIRef(f"{self.entry.catalog}/score")
        yield iri, OA.motivatedBy, DQV.qualityAssessment
        yield iri, DCT.issued, Literal(self.issued.isoformat(), datatype=XSD.date)
        yield iri, DCT.valid, valid
        yield self.entry.catalog, DQV.hasQualityAnnotation, iri


def last_day(year: int) -> date:
    """The day on which the round of a year is held."""
    return date(year, 12, 31)


def hold_round(entries: Iterable[Entry]) -> list[Group]:
    """The entries by group, those of no kind last; within a group by the sum of their shares."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.group].append(entry)
    return [
        Group(
            kind=kind,
            mqa=round(fmean(entry.mqa for entry in found), 1),
            tags=round(fmean(entry.tags for entry in found), 1),
            entries=tuple(sorted(found, key=_best_first)),
        )
        for kind, found in sorted(groups.items(), key=lambda each: (not each[0], each[0]))
    ]


def _best_first(entry: Entry) -> tuple[float, str]:
    return -(entry.mqa / mqa.MOST + entry.tags / tag_quality.MOST), str(entry.catalog)
