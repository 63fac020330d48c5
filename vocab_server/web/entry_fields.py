"""Fields of the forms that describe data, made from the rows of PROFILES."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rdflib import URIRef

from vocab_server.catalog.catalogs import Registration
from vocab_server.catalog.codes import CODES, Code
from vocab_server.catalog.entering import MOST, Given, entered_rules, field_name
from vocab_server.catalog.kinds import OWN, Kind
from vocab_server.catalog.profiles import Need, Range, Rule
from vocab_server.catalog.resources import Resource
from vocab_server.listing.entries import named_entries, offered_entries
from vocab_server.rdf.languages import Label, display_tag, language_name, resolve
from vocab_server.rdf.namespaces import DCAT, DCT, VCARD
from vocab_server.rdf.query import is_iri
from vocab_server.reading import interface_language, languages
from vocab_server.services import services

TEXTS = (Range.TEXT, Range.WORDS)
ENTERED = (
    DCAT.Dataset,
    DCAT.DatasetSeries,
    DCAT.DataService,
    DCAT.Distribution,
    VCARD.Kind,
)  # classes that forms describe
LONG = {"description"}  # texts that take several lines


@dataclass(frozen=True, slots=True)
class Box:
    """One place to write into; ``language`` is "" for what has none."""

    name: str
    value: str
    language: str
    language_name: str
    error: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a code list."""

    value: str
    name: Label
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A property as a form asks for it; ``kind`` is a Range, or "own" for entries of the catalog.

    ``sought`` is what such entries were looked for by.
    """

    name: str
    kind: str
    label: str
    help: str
    example: str
    need: Need
    boxes: tuple[Box, ...]
    choices: tuple[Choice, ...]
    takes_many: bool
    is_long: bool
    error: str
    sought: str = ""


def fields_of(
    of: URIRef, given: Given, problems: Iterable[tuple[str, str]] = (), prefix: str = ""
) -> list[Field]:
    """The fields of a class, mandatory ones first, with what is in them and what is wrong."""
    wrong = dict(problems)
    return [_field(rule, need, given, wrong, prefix) for rule, need in entered_rules(of)]


def own_fields(
    fields: Iterable[Field], catalog: Registration, given: Given, of: URIRef
) -> list[Field]:
    """The fields with entries of the catalog to choose from, where they ask for such."""
    own = {
        field_name(rule): OWN[rule.property]
        for rule, _need in entered_rules(of)
        if rule.property in OWN
    }
    return [
        _own_field(field, catalog, own[field.name], given) if field.name in own else field
        for field in fields
    ]


def _own_field(field: Field, catalog: Registration, kind: Kind, given: Given) -> Field:
    sought = next(iter(given.get(f"find.{field.name}", ())), "").strip()
    chosen = dict.fromkeys(URIRef(v) for v in given.get(field.name, ()) if is_iri(v))
    held = named_entries(catalog.graph, list(chosen)[:MOST])
    offered = offered_entries(catalog, kind, sought, languages())
    entries = {entry.iri: entry for entry in (*held, *offered)}
    choices = (Choice(str(e.iri), _entry_name(e), e.iri in chosen) for e in entries.values())
    return replace(field, kind="own", example="", choices=tuple(choices), sought=sought)


def _entry_name(entry: Resource) -> Label:
    return resolve(entry.texts(DCT.title), languages()) or Label(str(entry.iri))


def by_need(fields: Sequence[Field]) -> list[tuple[Need, list[Field]]]:
    """The fields in groups, those that are mandatory first."""
    found = [(need, [field for field in fields if field.need is need]) for need in Need]
    return [(need, group) for need, group in found if group]


def languages_of(given: Given) -> list[str]:
    """The languages that texts are asked for in: those of the site and those already used.

    That of the reader goes first, where it is one of the site.
    """
    held = {name.rpartition(".")[2] for name in given if _is_spoken(name)}
    own = sorted(services().settings.languages, key=lambda tag: tag.lower() != interface_language())
    return list(dict.fromkeys((*own, *sorted(held))))


def _is_spoken(name: str) -> bool:
    spoken = {
        field_name(rule)
        for of in ENTERED
        for rule, _need in entered_rules(of)
        if rule.range in TEXTS
    }
    parts = name.split(".")
    return len(parts) > 1 and parts[-2] in spoken


def _field(rule: Rule, need: Need, given: Given, wrong: Mapping[str, str], prefix: str) -> Field:
    name = f"{prefix}{field_name(rule)}"
    boxes = tuple(_boxes(rule, name, given, wrong))
    return Field(
        name=name,
        kind=rule.range.value,
        label=rule.label,
        help=rule.help,
        example=_example(rule),
        need=need,
        boxes=boxes,
        choices=tuple(_choices(CODES.get(rule.codes, ()), given.get(name, ()))),
        takes_many=rule.most != 1,
        is_long=field_name(rule) in LONG,
        error=next((box.error for box in boxes if box.error), ""),
    )


def _example(rule: Rule) -> str:
    """The example of a row, where the help gives none and the field is not for days."""
    return "" if rule.range in (*TEXTS, Range.DATE) else rule.example.removeprefix("mailto:")


def _boxes(rule: Rule, name: str, given: Given, wrong: Mapping[str, str]) -> Iterator[Box]:
    if rule.range not in TEXTS:
        yield Box(name, "\n".join(given.get(name, ())), "", "", wrong.get(name, ""))
        return
    between = ", " if rule.range is Range.WORDS else "\n"
    for language in languages_of(given):
        own = f"{name}.{language}"
        value = between.join(given.get(own, ()))
        yield Box(own, value, display_tag(language), language_name(language), wrong.get(own, ""))


def _choices(codes: Iterable[Code], chosen: Iterable[str]) -> Iterator[Choice]:
    taken = set(chosen)
    for code in codes:
        name = resolve(code.names, languages()) or Label(str(code.iri))
        yield Choice(str(code.iri), name, str(code.iri) in taken)
