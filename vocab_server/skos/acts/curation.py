"""What all acts on one vocabulary share, and how an act begins and ends."""

import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.errors import InvalidError, NotFoundError, RuleBrokenError
from vocab_server.rdf.change import Change
from vocab_server.rdf.languages import is_tag
from vocab_server.rdf.namespaces import DCT, XSD
from vocab_server.skos.rules import Published, always, check, check_concepts
from vocab_server.skos.sketch import Sketch
from vocab_server.store.base import Reader

MAX_LABEL = 500  # characters
MAX_NOTE = 20_000  # characters


class AddressRule(StrEnum):
    """From what the last part of a new concept's address is made."""

    LABEL = "label"
    NUMBER = "number"


def _never(_iri: URIRef) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Policy:
    """What a vocabulary prescribes: how addresses are made and notations look.

    An address is ``namespace``, ``prefix``, then words or a number of at least ``digits`` digits.
    ``notation_pattern`` is a regular expression that fits a whole notation (SPARQL 1.1, 17.4.3.14);
    "" lets any pass.
    """

    namespace: str
    address: AddressRule = AddressRule.LABEL
    prefix: str = ""
    digits: int = 1
    notation_pattern: str = ""


@dataclass(frozen=True, slots=True)
class Curation:
    """One vocabulary in the hands of a curator.

    ``at`` is the time that an act notes, with a time zone. ``is_taken`` tells whether an IRI was
    ever used, here or in any draft: it is not given out again. ``was_published`` tells whether
    anybody may rely on it: it does not go away again.
    """

    store: Reader
    graph: URIRef
    at: datetime
    policy: Policy
    is_taken: Callable[[URIRef], bool] = field(default=_never)
    was_published: Published = field(default=always)
    done: Sketch | None = None  # what acts before this one did, that the store has not

    def sketch(self) -> Sketch:
        """The vocabulary as it is when the act begins."""
        return Sketch(self.store, self.graph, self.done)

    def finish(self, sketch: Sketch, touched: Iterable[Identifier]) -> Change:
        """The change that a sketch makes, with dct:modified of the resources touched.

        What was done before is no part of it. Raises RuleBrokenError, NotFoundError or
        InvalidError as ``rules.check`` does. When nothing changes nothing is noted.
        """
        if not sketch.change():
            return Change(self.graph)
        check(sketch, self.was_published)
        _note_modified(sketch, set(touched), self.at)
        return sketch.change()


def time_literal(at: datetime, *, as_date: bool = False) -> Literal:
    """A time as xsd:dateTime in UTC to the second, or its xsd:date."""
    utc = at.astimezone(UTC)
    if as_date:
        return Literal(utc.date().isoformat(), datatype=XSD.date, normalize=False)
    text = utc.isoformat(timespec="seconds").replace("+00:00", "Z")
    return Literal(text, datatype=XSD.dateTime, normalize=False)


def _note_modified(sketch: Sketch, resources: Collection[Identifier], at: datetime) -> None:
    """Say when resources were modified, as a date where that is what they had."""
    before = sketch.find(resources, [DCT.modified])
    types = {s: o.datatype for s, _, o in sorted(before) if isinstance(o, Literal)}
    sketch.remove(*before)
    for resource in resources:
        now = time_literal(at, as_date=types.get(resource) == XSD.date)
        sketch.add((resource, DCT.modified, now))


def require_known(sketch: Sketch, resources: Collection[URIRef]) -> None:
    """Pass silently when the vocabulary has all the resources. Raises NotFoundError."""
    for missing in sorted(set(resources) - sketch.known(resources)):
        raise NotFoundError("Nothing in this vocabulary is named %(iri)s.", iri=missing)


def require_in_use(sketch: Sketch, concepts: Collection[URIRef]) -> None:
    """Pass silently when all are concepts of the vocabulary that are not deprecated.

    Raises NotFoundError for what is not there, RuleBrokenError for the rest.
    """
    check_concepts(sketch, concepts)
    for deprecated in sorted(sketch.deprecated(concepts)):
        raise RuleBrokenError(
            "STR-14",
            "%(concept)s is no longer used.",
            "Choose what replaces it, or restore it first.",
            concept=sketch.name(deprecated),
        )


def cleaned_label(literal: Literal) -> Literal:
    """A label as it is kept: in NFC, no surplus space, its tag in lower case (LAB-5 to 7, 13).

    Raises InvalidError when nothing is left, when it is longer than MAX_LABEL, or when it holds
    characters that cannot be printed.
    """
    text = " ".join(unicodedata.normalize("NFC", str(literal)).split())
    return _checked(text, literal, MAX_LABEL, allowed="")


def cleaned_note(literal: Literal) -> Literal:
    """A note as it is kept: in NFC, without white space around it, line ends as they are.

    Raises InvalidError as cleaned_label does, with MAX_NOTE.
    """
    text = unicodedata.normalize("NFC", str(literal)).replace("\r\n", "\n").strip()
    return _checked(text, literal, MAX_NOTE, allowed="\n\t")


def _checked(text: str, literal: Literal, most: int, allowed: str) -> Literal:
    if not text:
        raise InvalidError("The text is empty. Write one, or remove it.")
    if len(text) > most:
        raise InvalidError(
            "The text has %(number)s characters; %(most)s are allowed. Shorten it.",
            number=len(text),
            most=most,
        )
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") and sign not in allowed:
            raise InvalidError(
                "The text %(text)r holds a character that cannot be printed (U+%(sign)s). Type it"
                " again without it.",
                text=text[:40],
                sign=f"{ord(sign):04X}",
            )
    return _tagged(text, literal)


def _tagged(text: str, literal: Literal) -> Literal:
    language = (literal.language or "").lower()
    if language and not is_tag(language):
        raise InvalidError(
            "%(tag)r is no language tag. Write one such as en or pt-BR (BCP 47).",
            tag=literal.language,
        )
    return Literal(text, lang=language or None)
