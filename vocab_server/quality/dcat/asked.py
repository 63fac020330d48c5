"""What each row of catalog.profiles asks of the data, by kinds of fault."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rdflib import URIRef

from vocab_server.catalog.profiles import MEDIA_TYPES, PROFILES, RULES, Need, Profile, Range, Rule
from vocab_server.quality.check import Severity
from vocab_server.quality.dcat.lists import LISTS, CodeList
from vocab_server.rdf.namespaces import DCAT, DCT_FORMAT, FOAF, RDF, VCARD
from vocab_server.rdf.prefixes import PREFIXES


class Fault(StrEnum):
    """What may be wrong with the values of a property."""

    MISSING = "missing"
    TOO_MANY = "too-many"
    KIND = "kind"
    DATE = "date"
    NUMBER = "number"
    EMAIL = "email"
    CODE = "code"
    ONE_OF = "one-of"
    PART = "part"
    HIGH_VALUE = "high-value"


_TEXTS = {Range.TEXT, Range.WORDS, Range.PLAIN, Range.DATE, Range.NUMBER}
# Which check of the catalogue of checks a fault belongs to.
_FAMILY = {
    Fault.DATE: "DCT-4",
    Fault.CODE: "DCT-3",
    Fault.ONE_OF: "DCT-3",
    Fault.HIGH_VALUE: "DCT-11",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One demand of a profile on the values of one property: a property shape, and a check."""

    profile: Profile
    rule: Rule
    fault: Fault
    severity: Severity

    @property
    def id(self) -> str:
        """The id of the check: the same in all profiles that ask the same."""
        family = _FAMILY.get(self.fault)
        if family is None:
            family = "DCT-1" if self.severity is Severity.VIOLATION else "DCT-2"
        parts = [family, name_of(self.rule.of), name_of(self.rule.property)]
        if self.fault is not Fault.MISSING and family in ("DCT-1", "DCT-2"):
            parts.append(self.fault.value)
        if self.fault is Fault.CODE and self.code_list != LISTS[self.rule.codes]:
            parts.append("se")
        return ".".join(parts)

    @property
    def code_list(self) -> CodeList:
        """The values that a code list has in this profile."""
        listed = LISTS[self.rule.codes]
        if self.profile.id == "dcat-ap-se" and self.rule.property == DCT_FORMAT:
            media_types = LISTS[MEDIA_TYPES]
            return CodeList(listed.severity, starts=(*listed.starts, *media_types.starts))
        return listed

    @property
    def source(self) -> str:
        """Where the demand comes from: the EU's profile, where that asks the same."""
        return f"{self._origin.title}, {name_of(self.rule.of)}, {curie(self.rule.property)}"

    @property
    def _origin(self) -> Profile:
        if self.fault is Fault.HIGH_VALUE:
            return PROFILES["dcat-ap-hvd"]
        basic = PROFILES["dcat-ap"]
        is_new = self.rule.need(basic) is Need.ABSENT or self.id.endswith(".se")
        is_same = not is_new and (self.fault, self.severity) in _faults(self.rule, basic)
        return basic if is_same else self.profile


def asked_by(profile: Profile) -> Iterator[Asked]:
    """All that a profile asks, row by row."""
    for rule in RULES:
        if rule.need(profile) is not Need.ABSENT and rule.property != RDF.type:
            for fault, severity in _faults(rule, profile):
                yield Asked(profile, rule, fault, severity)


def _faults(rule: Rule, profile: Profile) -> Iterator[tuple[Fault, Severity]]:
    yield from _counts(rule, rule.need(profile))
    if not rule.codes or LISTS[rule.codes].severity is not Severity.VIOLATION:  # which tells it too
        yield Fault.KIND, Severity.VIOLATION
    if rule.range in _OF_RANGE:
        yield _OF_RANGE[rule.range], Severity.VIOLATION
    if rule.codes and not _takes_others(rule):
        yield Fault.CODE, LISTS[rule.codes].severity
    if rule.part is not None:
        yield Fault.PART, Severity.WARNING
    if profile.has_high_value and rule.hvd is Need.MANDATORY:
        yield Fault.HIGH_VALUE, Severity.VIOLATION


def _counts(rule: Rule, need: Need) -> Iterator[tuple[Fault, Severity]]:
    if need is Need.MANDATORY:
        yield Fault.MISSING, Severity.VIOLATION
    elif need is Need.RECOMMENDED:
        yield Fault.ONE_OF if _takes_others(rule) else Fault.MISSING, Severity.WARNING
    if rule.most == 1 and rule.range is not Range.TEXT:  # a language counts once
        yield Fault.TOO_MANY, Severity.VIOLATION


_OF_RANGE = {Range.DATE: Fault.DATE, Range.NUMBER: Fault.NUMBER, Range.EMAIL: Fault.EMAIL}


def _takes_others(rule: Rule) -> bool:
    """Whether one value of the list is enough: others may stand beside EU themes."""
    return rule.property == DCAT.theme


def is_text(rule: Rule) -> bool:
    """Whether the values of a property are texts, and not names of resources."""
    return rule.range in _TEXTS


def name_of(iri: URIRef) -> str:
    """The last part of a name."""
    return iri.replace("#", "/").rpartition("/")[2]


def curie(iri: URIRef) -> str:
    """A name with a prefix, as specifications write it."""
    name = name_of(iri)
    start = iri.removesuffix(name)
    return next((f"{p}:{name}" for p, known in PREFIXES.items() if known == start), str(iri))


# What counts as being of a class, besides being said to be so.
VARIANTS: dict[URIRef, tuple[URIRef, ...]] = {
    FOAF.Agent: (FOAF.Agent, FOAF.Organization, FOAF.Person, FOAF.Group),
    VCARD.Kind: (VCARD.Kind, VCARD.Organization, VCARD.Individual, VCARD.Group, VCARD.Location),
}
VALUE_VARIANTS = {**VARIANTS, DCAT.Dataset: (DCAT.Dataset, DCAT.DatasetSeries)}


def demands() -> Iterator[Asked]:
    """All that any profile asks, each id once."""
    seen: set[str] = set()
    for profile in PROFILES.values():
        for asked in asked_by(profile):
            if asked.id not in seen:
                seen.add(asked.id)
                yield asked
