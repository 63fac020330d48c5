"""One check of a vocabulary, told once: reports, pages, commands and tests read it from here."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple, Protocol

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Identifier

from vocab_server.quality.hierarchy import Hierarchy
from vocab_server.quality.part import Clue, Part
from vocab_server.rdf.ntriples import read_triple
from vocab_server.rdf.prefixes import PREFIXES
from vocab_server.rdf.query import bind, to_sparql
from vocab_server.store.base import Reader

LONGEST = 200  # characters of a value that a message repeats


class Words(NamedTuple):
    """A text in the languages of the interface."""

    en: str
    sv: str

    def said(self, language: str) -> str:
        """The text in a language, in English where there is no other."""
        return self.sv if language == "sv" else self.en


class Severity(StrEnum):
    """How grave a finding is, the gravest first (SHACL, 2.1.4)."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFORMATION = "information"


SHACL_SEVERITY = {
    Severity.VIOLATION: SH.Violation,
    Severity.WARNING: SH.Warning,
    Severity.INFORMATION: SH.Info,
}


class Level(StrEnum):
    """What a check stops, the strictest first."""

    ENFORCE = "enforce"
    """Acts refuse what would break it (``skos.rules``); it stops publishing too."""

    BLOCK = "block"
    """What breaks it is not published and not released."""

    REPORT = "report"
    """It is told, and stops nothing."""

    IGNORE = "ignore"
    """It is not told."""


BLOCKING = (Level.ENFORCE, Level.BLOCK)


class Repair(StrEnum):
    """What can be done about a finding without a question, for the statement that it names."""

    REMOVE = "remove"
    """Take the statement away."""

    ADD = "add"
    """Say what is missing: the statement."""

    REWRITE = "rewrite"
    """Write the text of the statement as ``Check.rewrite`` gives it."""


class Material(Protocol):
    """What a formulation may look at."""

    @property
    def store(self) -> Reader:
        """The store that holds the vocabulary."""

    @property
    def graph(self) -> URIRef:
        """The graph that the vocabulary is in."""

    @property
    def languages(self) -> Collection[str]:
        """The languages that every concept must have a preferred label in, in lower case."""

    @property
    def part(self) -> Part | None:
        """All statements in memory, where they are but what surrounds an edit."""

    @property
    def hierarchy(self) -> Hierarchy:
        """The relations between concepts, read once for all checks that walk them."""

    @property
    def labels(self) -> Collection[bytes]:
        """All preferred, alternative and hidden labels as lines of N-Triples, read once."""

    @property
    def retired(self) -> Collection[bytes]:
        """What is deprecated, as N-Triples names it."""

    @property
    def broken(self) -> Collection[str]:
        """The addresses in the vocabulary that did not answer when they were asked."""


# Lines of N-Triples without ends: each is a finding, and says what it is about, by what property,
# with what value; the value is the subject again where there is none.
Lines = Iterable[bytes]
Formulation = Callable[[Material], Lines]


# Variables for properties, as in ?focus ?path ?value.
_ASKED = re.compile(r"[?$]\w+\s+\?(\w+)\s+[?$\"<]")


@lru_cache(maxsize=10_000)  # checks are asked the same at every edit
def _may_read(pattern: str, path: URIRef) -> bool:
    if any(name != "path" for name in _ASKED.findall(pattern)):
        return True
    if "?path ?value" in pattern and "VALUES ?path" not in pattern:
        return True
    return path == RDF.type or _is_named(path, pattern)


def _is_named(path: URIRef, pattern: str) -> bool:
    """Whether a pattern has a property in it, whole or with a prefix, or one that begins so."""
    for prefix, space in PREFIXES.items():
        if path.startswith(space) and f"{prefix}:{path.removeprefix(space)}" in pattern:
            return True
    return path in pattern


@dataclass(frozen=True, slots=True)
class Query:
    """A formulation in SPARQL: a pattern that binds ?focus, ?path and ?value in the graph.

    Where ``clue`` finds nothing in the few statements around an edit, the pattern does not either.
    """

    pattern: str
    clue: Clue | None = None

    def may_read(self, paths: Iterable[URIRef]) -> bool:
        """Whether statements with some of these properties may change what is found.

        False only where it is sure: the pattern names none of them, and asks for no property that
        it does not name.
        """
        return any(_may_read(self.pattern, path) for path in paths)

    def __call__(self, material: Material) -> Lines:
        """See Formulation."""
        if self.clue and material.part and not self.clue(material.part):
            return ()
        query = f"CONSTRUCT {{ ?focus ?path ?value }} WHERE {{ GRAPH $graph {{ {self.pattern} }} }}"
        return material.store.lines(bind(query, graph=material.graph))


@dataclass(frozen=True, slots=True)
class Routine:
    """A formulation in Python, and all properties that it looks at, beside rdf:type."""

    look: Formulation
    paths: frozenset[URIRef]

    def may_read(self, paths: Iterable[URIRef]) -> bool:
        """Whether statements with some of these properties may change what is found."""
        return any(path == RDF.type or path in self.paths for path in paths)

    def __call__(self, material: Material) -> Lines:
        """See Formulation."""
        return self.look(material)


@dataclass(frozen=True, slots=True)
class Check:
    """A rule, and how to find what breaks it.

    ``title`` names the fault, ``meaning`` says why it is one in words that a curator understands,
    ``remedy`` what to do. ``source`` is where the rule comes from, with the clause. Each of
    ``examples`` is Turtle that breaks this rule in a sound vocabulary, and ``neighbours`` is Turtle
    close to it that does not; ``implied`` are checks that what breaks this one cannot but break.
    ``by_hand`` is where a person does that, step by step, where no ``repair`` is safe.
    What ``needs_all`` cannot be told from what surrounds an edit (``surroundings``).
    """

    id: str
    title: Words
    meaning: Words
    remedy: Words
    source: str
    severity: Severity
    level: Level
    find: Formulation
    examples: tuple[str, ...]
    neighbours: tuple[str, ...]
    repair: Repair | None = None
    rewrite: Callable[[str], str] | None = None
    by_hand: Words | None = None
    implied: frozenset[str] = frozenset()
    needs_all: bool = False

    @property
    def default_on(self) -> bool:
        """Whether it is told where nobody set it otherwise."""
        return self.level is not Level.IGNORE


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a vocabulary breaks a rule; the same in every run for as long as it is there.

    ``path`` is the property concerned; ``value`` is None where the resource itself is at fault.
    """

    check: Check
    focus: URIRef
    path: URIRef
    value: Identifier | None

    @property
    def identity(self) -> str:
        """A name that is the same for the same fault in the same place, and for no other."""
        value = self.focus if self.value is None else self.value
        line = f"{to_sparql(self.focus)} {to_sparql(self.path)} {to_sparql(value)} ."
        return identity_of(self.check.id, line.encode())

    def message(self, language: str = "en") -> str:
        """What is wrong and what to do, as a sentence or two."""
        value = "" if self.value is None else f": {_short(self.value)}"
        title, remedy = self.check.title.said(language), self.check.remedy.said(language)
        return f"{title}{value}. {remedy}"


def identity_of(check: str, line: bytes) -> str:
    """The identity of the finding that a check made with this line of N-Triples."""
    return sha256(check.encode() + b" " + line).hexdigest()[:32]


def to_finding(check: Check, line: bytes) -> Finding:
    """The finding that a line of N-Triples tells of."""
    focus, path, value = read_triple(line)
    is_bare = value == focus and check.id not in _REFLEXIVE
    return Finding(check, URIRef(focus), URIRef(path), None if is_bare else value)


_REFLEXIVE = {"STR-2"}  # the value is the subject, and is what is wrong


def _short(value: Identifier) -> str:
    text = str(value)
    cut = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    if not isinstance(value, Literal):
        return f"<{cut}>"
    return f'"{cut}"@{value.language}' if value.language else f'"{cut}"'
