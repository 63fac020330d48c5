"""How good the tags of a dataset are: our own score beside that of the EU, of 100 points.

MQA (``quality.mqa``) gives full marks for one word and one theme, whatever they are. This looks at
whether the tags help somebody to find the data: whether words are concepts, precise, about the
topic, in line with the EU theme, still in use, and shared with others. Pure: the facts are given.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rdflib import URIRef

from vocab_server.quality.check import Words

FULL_DEPTH = 3  # the level from which on a concept with finer ones under it is precise
EVERYWHERE, ENOUGH = 0.5, 10  # a share of at least so many datasets of one publisher
FITS = 0.5  # how well a tag must fit not to be told of
SOURCE = "vocab-server, tag quality"


@dataclass(frozen=True, slots=True)
class Subject:
    """A concept that datasets are tagged with.

    ``depth`` is its level, 1 for the top; ``themes`` are the EU themes that follow from it.
    """

    iri: URIRef
    depth: int
    has_narrower: bool
    is_current: bool
    themes: frozenset[URIRef] = frozenset()


@dataclass(frozen=True, slots=True)
class Use:
    """Where else a concept is used: by how many other publishers; of how many datasets of this one.

    ``own`` counts the datasets of the publisher that have it, this one too, of ``total``.
    """

    others: int
    own: int
    total: int

    @property
    def is_everywhere(self) -> bool:
        """Whether it is on so much that it tells nothing apart."""
        return self.total >= ENOUGH and self.own > EVERYWHERE * self.total


@dataclass(frozen=True, slots=True)
class TagFacts:
    """A tag of a dataset; ``fit`` is from 0 to 1 how much the text of the dataset speaks of it."""

    subject: Subject
    fit: float
    use: Use


class Kind(StrEnum):
    """What a free keyword is."""

    KNOWN = "known"  # a name of one of the tags, or of what is above it
    OPEN = "open"  # a topic that no tag stands for
    WANTED = "wanted"  # a topic that no vocabulary here has a concept for
    NO_TOPIC = "no-topic"  # somebody decided so
    PUBLISHER = "publisher"
    PLACE = "place"
    FORMAT = "format"


NO_TOPICS = frozenset((Kind.NO_TOPIC, Kind.PUBLISHER, Kind.PLACE, Kind.FORMAT))


@dataclass(frozen=True, slots=True)
class KeywordFacts:
    """A free keyword of a dataset, and what it is."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class TaggingFacts:
    """All that is looked at of how a dataset is tagged.

    The tags are without the EU's themes, which are too few to find anything by. ``stated`` are the
    EU themes that the publisher gives.
    """

    tags: tuple[TagFacts, ...] = ()
    keywords: tuple[KeywordFacts, ...] = ()
    stated: frozenset[URIRef] = frozenset()


class Fault(StrEnum):
    """What is wrong with a tag or a keyword."""

    NO_CONCEPT = "no-concept"
    FREE_WORD = "free-word"
    BROAD = "broad"
    NOT_IN_TEXT = "not-in-text"
    NO_TOPIC = "no-topic"
    CONTRADICTS = "contradicts"
    NO_THEME = "no-theme"
    NOT_CURRENT = "not-current"
    ALONE = "alone"
    EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a tag (``about`` is an IRI), of a keyword (a text), or of all ("")."""

    fault: Fault
    about: str = ""


Measured = tuple[float, tuple[Problem, ...]]  # the share of the points, and why not all


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that makes tags good, told once: scores, pages, DQV and the API read it here."""

    id: str
    points: int
    title: Words
    meaning: Words
    remedy: Words
    measure: Callable[[TaggingFacts], Measured]
    source: str = SOURCE


def measure(facts: TaggingFacts) -> tuple[Measured, ...]:
    """What each of PARTS gives, in their order."""
    return tuple(part.measure(facts) for part in PARTS)


def points_of(shares: Iterable[float]) -> int:
    """The points for shares of each of PARTS, rounded to whole ones."""
    return round(sum(part.points * share for part, share in zip(PARTS, shares, strict=True)))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _problems(fault: Fault, about: Iterable[str]) -> tuple[Problem, ...]:
    return tuple(Problem(fault, text) for text in about)


def _without_tags(facts: TaggingFacts) -> Measured | None:
    return None if facts.tags else (0.0, (Problem(Fault.NO_CONCEPT),))


def _resolved(facts: TaggingFacts) -> Measured:
    free = [word.text for word in facts.keywords if word.kind is Kind.OPEN]
    problems = _problems(Fault.FREE_WORD, free)
    if not facts.tags:
        return 0.0, (Problem(Fault.NO_CONCEPT), *problems)
    return len(facts.tags) / (len(facts.tags) + len(free)), problems


def _specific(facts: TaggingFacts) -> Measured:
    values = [precision_of(tag.subject) for tag in facts.tags]
    broad = [str(t.subject.iri) for t, v in zip(facts.tags, values, strict=True) if v < 1]
    # A precise concept that has nothing to do with the text is not precise.
    weighed = [v * tag.fit for tag, v in zip(facts.tags, values, strict=True)]
    problems = (*_problems(Fault.BROAD, broad), *_strange(facts))
    return _without_tags(facts) or (_mean(weighed), problems)


def precision_of(subject: Subject) -> float:
    """0 for a concept at the top, 0.5 for one right below with finer ones under it, else 1."""
    if subject.depth <= 1:
        return 0.0
    return 0.5 if subject.has_narrower and subject.depth < FULL_DEPTH else 1.0


def _topical(facts: TaggingFacts) -> Measured:
    """How well the tags fit, less the share of the keywords that are no topics.

    Keywords that are topics are worth half as long as there is no tag.
    """
    no_topics = [word.text for word in facts.keywords if word.kind in NO_TOPICS]
    share = 1 - len(no_topics) / len(facts.keywords) if facts.keywords else 1.0
    problems = _problems(Fault.NO_TOPIC, no_topics)
    if not facts.tags:
        return (share / 2 if facts.keywords else 0.0), (Problem(Fault.NO_CONCEPT), *problems)
    fit = _mean([tag.fit for tag in facts.tags])
    return fit * share, (*_strange(facts), *problems)


def _strange(facts: TaggingFacts) -> tuple[Problem, ...]:
    """The tags that the text says little or nothing of."""
    return _problems(Fault.NOT_IN_TEXT, (t.subject.iri for t in facts.tags if t.fit < FITS))


def _consistent(facts: TaggingFacts) -> Measured:
    """Whether tags lead to the EU themes that the publisher gives, or to any where none is given.

    A tag that leads to none contradicts nothing.
    """
    leading = [tag.subject for tag in facts.tags if tag.subject.themes]
    if facts.tags and not leading and not facts.stated:
        return 0.0, (Problem(Fault.NO_THEME),)
    against = [s.iri for s in leading if facts.stated and s.themes.isdisjoint(facts.stated)]
    share = 1 - len(against) / len(leading) if leading else 1.0
    return _without_tags(facts) or (share, _problems(Fault.CONTRADICTS, against))


def _current(facts: TaggingFacts) -> Measured:
    gone = [tag.subject.iri for tag in facts.tags if not tag.subject.is_current]
    share = 1 - len(gone) / max(1, len(facts.tags))
    return _without_tags(facts) or (share, _problems(Fault.NOT_CURRENT, gone))


def _shared(facts: TaggingFacts) -> Measured:
    values = [shared_by(tag.use) for tag in facts.tags]
    return _without_tags(facts) or (_mean(values), tuple(_unshared(facts.tags)))


def shared_by(use: Use) -> float:
    """0 for what is on everything or on nothing else, 0.5 within one publisher, else 1."""
    if use.is_everywhere:
        return 0.0
    if use.others:
        return 1.0
    return 0.5 if use.own > 1 else 0.0


def _unshared(tags: Iterable[TagFacts]) -> Iterator[Problem]:
    for tag in tags:
        if tag.use.is_everywhere:
            yield Problem(Fault.EVERYWHERE, tag.subject.iri)
        elif not tag.use.others:
            yield Problem(Fault.ALONE, tag.subject.iri)


# fmt: off
PARTS = (
    Part(
        "resolved", 20,
        Words("Concepts, not words", "Begrepp, inte ord"),
        Words("The share of all words that are concepts of the shared vocabularies. Free words that nobody shares are found by nobody.", "Hur stor del av alla ord som är begrepp i de gemensamma terminologierna. Fria ord som ingen delar hittar ingen."),
        Words("Choose categories that say what the free words say.", "Välj kategorier som säger det som de fria orden säger."),
        _resolved,
    ),
    Part(
        "specific", 20,
        Words("Precise", "Precisa"),
        Words("Categories that stand deep enough to tell this data from other data. The top of a hierarchy counts nothing, nor does a category that the text does not speak of.", "Kategorier som står så djupt att de skiljer datan från annan data. Hierarkins topp räknas inte, inte heller en kategori som texten inte talar om."),
        Words("Replace broad categories by the most precise ones that fit.", "Byt ut breda kategorier mot de mest precisa som passar."),
        _specific,
    ),
    Part(
        "topical", 30,
        Words("About the topic", "Om ämnet"),
        Words("Title, description and keywords speak of what the categories are; and no keyword is a publisher, a place or a format.", "Titel, beskrivning och nyckelord talar om det som kategorierna är; och inget nyckelord är en utgivare, en plats eller ett format."),
        Words("Take away categories that do not fit, or describe the data so that one sees that they do.", "Ta bort kategorier som inte passar, eller beskriv datan så att det syns att de passar."),
        _topical,
    ),
    Part(
        "consistent", 10,
        Words("In line with the EU theme", "I linje med EU-temat"),
        Words("The categories lead to the EU theme that the publisher gives, or to one where none is given.", "Kategorierna leder till EU-temat som utgivaren anger, eller till något där inget anges."),
        Words("Correct the theme or the category: they say different things.", "Rätta temat eller kategorin: de säger olika saker."),
        _consistent,
    ),
    Part(
        "current", 10,
        Words("In use", "I bruk"),
        Words("No category has been replaced or given up.", "Ingen kategori har ersatts eller tagits ur bruk."),
        Words("Choose what stands in place of the category.", "Välj det som står i kategorins ställe."),
        _current,
    ),
    Part(
        "shared", 10,
        Words("Shared", "Delade"),
        Words("Other publishers use the categories too, so that one finds the same data from all of them; and none is on more than half of all that one publisher has.", "Andra utgivare använder också kategorierna, så att man hittar samma data från alla; och ingen står på mer än hälften av allt en utgivare har."),
        Words("Look at what others chose for the same data.", "Se vad andra har valt för samma data."),
        _shared,
    ),
)
# fmt: on
MOST = sum(part.points for part in PARTS)  # points
