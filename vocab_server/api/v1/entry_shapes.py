"""Entries of catalogs as JSON, and back to what a form would say of them: the rows decide."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from flask_babel import gettext as _
from rdflib import URIRef

from vocab_server.catalog.entering import Given, entered_rules, field_name, given_of
from vocab_server.catalog.kinds import PERIOD, Kind
from vocab_server.catalog.profiles import Range, Rule
from vocab_server.catalog.resources import Resource
from vocab_server.catalog.stages import Blocker, Check, Stage, blockers_of, reason_of
from vocab_server.errors import FieldsRefusedError
from vocab_server.listing.assets import Standing, missing_for
from vocab_server.listing.files import MOST_FILES, FilesGiven, new_file
from vocab_server.listing.keepers import Asset
from vocab_server.rdf.languages import display_tag
from vocab_server.rdf.namespaces import DCAT, DCT, VCARD
from vocab_server.services import services

SPOKEN = (Range.TEXT, Range.WORDS)
CONTACT, DAYS, FILES = "contactPoint", "temporal", "distribution"
STANDING = ("stage", "reason", "available", "blockedBy", "checks")
TOLD = ("@context", "id", "iri", "kind", "catalog", "missing")  # by us, and left alone when sent
Word = TypeVar("Word", bound=StrEnum)
ENDS = (("start", DCAT.startDate), ("end", DCAT.endDate))


def entry_json(asset: Asset) -> dict[str, Any]:
    """All that is entered of an entry of a catalog; what is not said has no key."""
    dataset, kind = asset.dataset, asset.kind
    found = {
        "id": asset.id,
        "iri": dataset.iri,
        "kind": kind.id,
        "catalog": asset.catalog.id,
        "missing": sorted({field_name(rule) for rule in missing_for(dataset)}),
        **_fields_json(dataset.resource, kind.of),
        **_standing_json(asset),
    }
    for contact in dataset.contacts[:1]:
        found[CONTACT] = _fields_json(contact, VCARD.Kind)
    for period in dataset.resource.links(PERIOD)[:1]:
        days = Resource.of(period, dataset.described)
        found[DAYS] = {name: day for name, way in ENDS if (day := days.first(way))}
    if kind.is_dataset:
        found[FILES] = [
            {"iri": str(part.iri), **_fields_json(part, DCAT.Distribution)}
            for part in dataset.distributions
        ]
    return found


def given_in(content: Mapping[str, Any], kind: Kind) -> dict[str, list[str]]:
    """What a form would say that says what JSON says of an entry, its files left out.

    Raises FieldsRefusedError for a field that is not there, or is of another shape.
    """
    parts = {CONTACT, *([DAYS] if kind.has(PERIOD) else []), *([FILES] if kind.is_dataset else [])}
    own = {name: value for name, value in content.items() if name not in {*parts, *STANDING, *TOLD}}
    given = dict(_given(own, kind.of, ""))
    given |= dict(_given(_object(content, CONTACT), VCARD.Kind, f"{CONTACT}."))
    days = _object(content, DAYS) if DAYS in parts else {}
    for name, value in days.items():
        if name not in dict(ENDS):
            _refuse(f"{DAYS}.{name}", _("There is no such field."))
        given[f"{DAYS}.{name}"] = _texts(value, f"{DAYS}.{name}")
    return given


def files_in(content: Mapping[str, Any], asset: Asset) -> FilesGiven | None:
    """What JSON says of the files of a dataset, None when nothing. Raises FieldsRefusedError.

    A file without ``iri`` is new; one that is there now and not in the list is taken away.
    """
    if FILES not in content or not asset.kind.is_dataset:
        return None
    files = content[FILES]
    if not isinstance(files, list) or len(files) > MOST_FILES:
        _refuse(FILES, _("Give a list of at most %(most)s objects.", most=MOST_FILES))
    known = {str(part.iri): part.iri for part in asset.dataset.distributions}
    return [_file(each, f"{FILES}.{place}.", known, asset) for place, each in enumerate(files)]


def standing_in(content: Mapping[str, Any], before: Standing) -> Standing:
    """What JSON says of how far an entry has come; as before where it says nothing."""
    reason = _object(content, "reason")
    texts = {lang: _texts(text, f"reason.{lang}") for lang, text in reason.items()}
    if len(texts) > 1 or any(len(each) > 1 for each in texts.values()):
        _refuse("reason", _("Give one value only."))
    language, said = next(iter(texts.items()), (before.language, [before.reason]))
    return Standing(
        stage=_one(content, "stage", Stage, before.stage),
        blockers=_some(content, "blockedBy", Blocker, before.blockers),
        checks=_some(content, "checks", Check, before.checks),
        reason=next(iter(said), ""),
        language=language,
        available="".join(_texts(content.get("available", before.available), "available")[:1]),
        is_internal=before.is_internal,
    )


def standing_now(asset: Asset) -> Standing:
    """How far an entry has come."""
    resource, base = asset.dataset.resource, services().settings.base
    reason = next(iter(resource.texts(reason_of(base))), None)
    return Standing(
        stage=asset.stage,
        blockers=blockers_of(base, asset.dataset),
        checks=tuple(Check(name) for name in asset.checks),
        reason=reason.text if reason else "",
        language=reason.language if reason else "en",
        available=resource.first(DCT.available),
        is_internal=asset.is_internal,
    )


def _standing_json(asset: Asset) -> dict[str, Any]:
    now = standing_now(asset)
    found: dict[str, Any] = {"stage": now.stage, "checks": list(now.checks)}
    if now.blockers:
        found["blockedBy"] = list(now.blockers)
    if now.reason:
        found["reason"] = {display_tag(now.language): [now.reason]}
    return found | ({"available": now.available} if now.available else {})


def _fields_json(resource: Resource, of: URIRef) -> dict[str, Any]:
    given, found = given_of(resource, of), {}
    for rule, _need in entered_rules(of):
        name = field_name(rule)
        if rule.range in SPOKEN:
            held = {key: given[key] for key in given if key.startswith(f"{name}.")}
            value: Any = {display_tag(k.rpartition(".")[2]) or "@none": v for k, v in held.items()}
        else:
            value = given.get(name, [])
            value = value if rule.most != 1 else next(iter(value), "")
        if value:
            found[name] = value
    return found


def _given(content: Mapping[str, Any], of: URIRef, prefix: str) -> Iterator[tuple[str, list[str]]]:
    rules = {field_name(rule): rule for rule, _need in entered_rules(of)}
    for name, value in content.items():
        if name not in rules:
            _refuse(f"{prefix}{name}"[:100], _("There is no such field."))
        yield from _field(rules[name], f"{prefix}{name}", value)


def _field(rule: Rule, name: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    if rule.range not in SPOKEN:
        yield name, _texts(value, name)
        return
    if not isinstance(value, dict):
        _refuse(name, _("Give an object: a language tag, and the text in that language."))
    for language, text in value.items():
        yield f"{name}.{language}", _texts(text, f"{name}.{language}")


def _file(
    content: Any, prefix: str, known: Mapping[str, URIRef], asset: Asset
) -> tuple[URIRef, Given]:
    if not isinstance(content, dict):
        _refuse(prefix.rstrip("."), _("Give an object."))
    own = dict(content)
    iri = own.pop("iri", None)
    if iri is not None and iri not in known:
        _refuse(f"{prefix}iri", _("This dataset has no such file."))
    given = dict(_given(own, DCAT.Distribution, prefix))
    part = known[iri] if iri is not None else new_file(asset)
    return part, {name.removeprefix(prefix): texts for name, texts in given.items()}


def _texts(value: Any, name: str) -> list[str]:
    """One text or number, or several. Raises FieldsRefusedError for anything else."""
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str | int) and not isinstance(each, bool) for each in values):
        _refuse(name, _("Give a text, or a list of texts."))
    texts = [str(each) for each in values]
    if any("\0" in text or any("\ud800" <= c <= "\udfff" for c in text) for text in texts):
        _refuse(name, _("It holds a character that cannot be kept."))
    return texts


def _object(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = content.get(name, {})
    if not isinstance(found, dict):
        _refuse(name, _("Give an object."))
    return dict(found)


def _one(content: Mapping[str, Any], name: str, values: type[Word], before: Word) -> Word:
    """A word of a list. Raises FieldsRefusedError."""
    found = content.get(name, before)
    if not isinstance(found, str) or found not in set(values):
        _refuse(name, _("Use one of: %(names)s.", names=", ".join(values)))
    return values(found)


def _some(
    content: Mapping[str, Any], name: str, values: type[Word], before: tuple[Word, ...]
) -> tuple[Word, ...]:
    """Words of a list, in its order. Raises FieldsRefusedError."""
    found = _texts(content.get(name, list(before)), name)
    if not set(found) <= set(values):
        _refuse(name, _("Use one of: %(names)s.", names=", ".join(values)))
    return tuple(word for word in values if word in found)


def _refuse(name: str, problem: str) -> NoReturn:
    raise FieldsRefusedError(((name, problem),))
