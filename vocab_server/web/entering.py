"""Pages on which publishers enter what they have: assets in a list, then each as they get to it."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from rdflib import URIRef

from vocab_server.catalog.entering import Filled, given_of
from vocab_server.catalog.kinds import KINDS, PERIOD, Kind
from vocab_server.catalog.profiles import Need
from vocab_server.catalog.resources import Resource
from vocab_server.catalog.stages import MUST_HOLD, Blocker, Check, Stage, blockers_of, reason_of
from vocab_server.database.tag_models import PHRASE
from vocab_server.database.tags import Status
from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.listing.assets import (
    MOST_AT_ONCE,
    Standing,
    find_asset,
    hidden_assets,
    list_assets,
    missing_for,
    save_asset,
)
from vocab_server.listing.entries import offered_entries
from vocab_server.listing.files import new_file, remove_file, save_file
from vocab_server.listing.keepers import Asset, demand_keeper
from vocab_server.rdf.languages import Label, is_tag, resolve
from vocab_server.rdf.namespaces import DCAT, DCT, VCARD
from vocab_server.reading import content_language, languages, read_anew, shown, view
from vocab_server.retagging import Wish, retag_dataset, shown_tags
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.store.embedded import can_hold
from vocab_server.web.entries import entry_link, members_of
from vocab_server.web.entry_conflicts import differing, mark_of, mark_of_part
from vocab_server.web.entry_fields import Field, by_need, fields_of, languages_of, own_fields
from vocab_server.web.error_texts import in_words
from vocab_server.web.stage_texts import ABOUT_STAGES, BLOCKERS, CHECKS, STAGES

Problems = tuple[tuple[str, str], ...]
bp = Blueprint("entering", __name__)
MOST_TAGS = 20  # that one form sets


@bp.get("/catalogs/<identifier>/assets/new")
def begin(identifier: str) -> ResponseReturnValue:
    """A form with one line for each asset."""
    demand_keeper(identifier)
    return _begin_page(identifier)


@bp.post("/catalogs/<identifier>/assets/new")
def enter(identifier: str) -> ResponseReturnValue:
    """List assets."""
    kind = _kind()
    titles = [line.strip() for line in request.form.get("titles", "").splitlines()]
    internal = "internal" in request.form and kind.is_dataset
    try:
        listed = list_assets(
            identifier, list(filter(None, titles)), _language(), internal=internal, kind=kind
        )
    except InvalidError as error:
        return _begin_page(identifier, in_words(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    if not kind.is_dataset:
        name = listed[0].rpartition("/")[2]
        return redirect(url_for(".edit", identifier=identifier, name=name), HTTPStatus.SEE_OTHER)
    flash(_("%(number)s lines are in the register now.", number=len(listed)))
    return redirect(url_for("first_steps.show", identifier=identifier), HTTPStatus.SEE_OTHER)


@bp.get("/catalogs/<identifier>/assets/<name>")
def edit(identifier: str, name: str) -> ResponseReturnValue:
    """The form of a dataset."""
    asset = find_asset(identifier, name)
    return _asset_page(asset, _given(asset))


@bp.post("/catalogs/<identifier>/assets/<name>")
def save(identifier: str, name: str) -> ResponseReturnValue:
    """Keep what the form of a dataset says, with its categories."""
    asset = find_asset(identifier, name)
    given = dict(request.form.lists())
    if "find" in request.form:
        return _asset_page(asset, given)
    if request.form.get("seen", "") not in ("", _mark(asset)):
        return _asset_page(asset, given, is_outdated=True), HTTPStatus.CONFLICT
    try:
        stage, filled = save_asset(asset, given, _standing())
        problems = filled.problems
    except InvalidError as error:
        problems = (("stage", in_words(error)),)
    if problems:
        return _asset_page(asset, given, problems), HTTPStatus.UNPROCESSABLE_ENTITY
    read_anew()
    problem = _retag(find_asset(identifier, name))
    if problem:
        flash(problem, "warning")
    _tell(_standing().stage, stage)
    return redirect(url_for(".edit", identifier=identifier, name=name), HTTPStatus.SEE_OTHER)


@bp.get("/catalogs/<identifier>/assets/<name>/files/<key>")
def edit_file(identifier: str, name: str, key: str) -> ResponseReturnValue:
    """The form of a file or interface; ``new`` for one to come."""
    asset = find_asset(identifier, name)
    return _file_page(asset, key, _file_given(asset, key))


@bp.post("/catalogs/<identifier>/assets/<name>/files/<key>")
def keep_file(identifier: str, name: str, key: str) -> ResponseReturnValue:
    """Keep what the form of a file or interface says."""
    asset, given = find_asset(identifier, name), dict(request.form.lists())
    if "find" in request.form:
        return _file_page(asset, key, given)
    part = new_file(asset) if key == "new" else _part(asset, key)
    if request.form.get("seen", "") not in ("", mark_of_part(asset, part)):
        return _file_page(asset, key, given, is_outdated=True), HTTPStatus.CONFLICT
    filled = save_file(asset, part, given)
    if filled.problems:
        return _file_page(asset, key, given, filled), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("The file is described."))
    return redirect(url_for(".edit", identifier=identifier, name=name), HTTPStatus.SEE_OTHER)


@bp.post("/catalogs/<identifier>/assets/<name>/files/<key>/remove")
def drop_file(identifier: str, name: str, key: str) -> ResponseReturnValue:
    """Take a file or interface away."""
    asset = find_asset(identifier, name)
    remove_file(asset, _part(asset, key))
    flash(_("The file is taken away."))
    return redirect(url_for(".edit", identifier=identifier, name=name), HTTPStatus.SEE_OTHER)


def title_of(asset: Asset) -> Label:
    """What an asset is called."""
    found = resolve(asset.dataset.titles, languages())
    return shown(found) if found else Label(local_name(asset.dataset.iri))


def _begin_page(identifier: str, problem: str = "") -> str:
    catalog = view().catalog(identifier)
    return render_template(
        "entering/begin.html",
        catalog=catalog,
        kind=_kind(),
        problem=problem,
        typed=request.form.get("titles", request.args.get("titles", "")),
        most=MOST_AT_ONCE,
        languages=languages_of({}),
        internal=[(title_of(asset), asset.id) for asset in hidden_assets(catalog)],
    )


def _kind() -> Kind:
    """The kind of entries that is asked for; datasets if it is not said."""
    return KINDS.get(request.args.get("kind", ""), KINDS["datasets"])


def _language() -> str:
    chosen = request.form.get("language", "")
    return chosen if is_tag(chosen) else content_language()


def _standing() -> Standing:
    """What the form says of the place in the register; what is no value there is left out."""
    stage = request.form.get("stage", "")
    blockers = set(request.form.getlist("blocker"))
    checks = set(request.form.getlist("check"))
    return Standing(
        stage=Stage(stage) if stage in set(Stage) else Stage.INVENTORIED,
        blockers=tuple(blocker for blocker in Blocker if blocker in blockers),
        checks=tuple(check for check in Check if check in checks),
        reason=request.form.get("reason", "").strip()[:2_000],
        language=content_language(),
        available=request.form.get("available", "").strip()[:10],
        is_internal="internal" in request.form,
    )


def _standing_of(asset: Asset) -> Standing:
    """The place in the register that an asset has."""
    base = services().settings.base
    said = asset.dataset.resource
    reason = resolve(said.texts(reason_of(base)), languages())
    return Standing(
        stage=asset.stage,
        blockers=tuple(blockers_of(base, asset.dataset)),
        checks=tuple(check for check in Check if check in asset.checks),
        reason=reason.text if reason else "",
        language=reason.language if reason else "",
        available=str(said.first(DCT.available) or ""),
        is_internal=asset.is_internal,
    )


def _tell(wanted: Stage, stage: Stage) -> None:
    if wanted is Stage.PUBLISHED and stage is not wanted:
        flash(_("Saved, but not open yet: see what is missing. It stands as planned."), "warning")
    else:
        flash(_("Saved."))


def _given(asset: Asset) -> dict[str, list[str]]:
    """What a form would hold that says what is said of a dataset."""
    dataset, described = asset.dataset, asset.dataset.described
    found = given_of(dataset.resource, asset.kind.of)
    for contact in dataset.contacts[:1]:
        found |= given_of(contact, VCARD.Kind, "contactPoint.")
    for period in dataset.resource.links(DCT.temporal)[:1]:
        days = Resource.of(period, described)
        found["temporal.start"] = [days.first(DCAT.startDate)]
        found["temporal.end"] = [days.first(DCAT.endDate)]
    return found


def _mark(asset: Asset) -> str:
    """The mark of an asset as it is saved now."""
    tags = () if asset.is_internal else shown_tags(asset.dataset, languages())
    return mark_of(asset, [str(tag.concept) for tag in tags])


def _changed_meanwhile(asset: Asset, given: Mapping[str, list[str]]) -> list[tuple[str, list[str]]]:
    """What is saved and differs from what a form says, by the names of the fields."""
    saved = _given(asset)
    found: list[tuple[str, list[str]]] = []
    for of, prefix in ((asset.kind.of, ""), (VCARD.Kind, "contactPoint.")):
        found += differing(fields_of(of, saved, (), prefix), fields_of(of, given, (), prefix))
    tags = () if asset.is_internal else shown_tags(asset.dataset, languages())
    typed = {iri for text in given.get("concept", ()) for iri in text.split()}
    if {str(tag.concept) for tag in tags} != typed:
        names = [tag.resolved.label.text if tag.resolved.label else tag.concept for tag in tags]
        found.append((_("Categories"), [str(name) for name in names]))
    return found


def _asset_page(
    asset: Asset,
    given: Mapping[str, list[str]],
    problems: Problems = (),
    *,
    is_outdated: bool = False,
) -> str:
    dataset = asset.dataset
    posted = request.form if request.method == "POST" else None
    tags = () if asset.is_internal else shown_tags(dataset, languages())
    return render_template(
        "entering/asset.html",
        listed=asset,
        catalog=asset.catalog,
        name=title_of(asset),
        kind=asset.kind,
        groups=_groups(asset, asset.kind.of, given, problems),
        has_period=asset.kind.has(PERIOD),
        members=members_of(dataset) if dataset.is_series else None,
        candidates=_candidates(asset),
        sought=request.args.get("find", ""),
        contact=fields_of(VCARD.Kind, given, problems, "contactPoint."),
        period=[given.get(f"temporal.{end}", [""]) for end in ("start", "end")],
        errors=[(f"f-{name}", text) for name, text in problems],
        wrong=dict(problems),
        stages={stage: text for stage, text in STAGES.items() if stage in asset.kind.stages},
        about_stages=ABOUT_STAGES,
        blockers=BLOCKERS,
        checks=CHECKS,
        must_hold=MUST_HOLD,
        standing=_standing() if posted else _standing_of(asset),
        missing=missing_for(dataset),
        files=[(_file_title(part), _key(part.iri)) for part in dataset.distributions],
        tags=tags,
        dismissed=[] if asset.is_internal else _dismissed(asset),
        concepts=request.form.getlist("concept") if posted else [tag.concept for tag in tags],
        seen=mark_of(asset, [str(tag.concept) for tag in tags]),
        is_outdated=is_outdated,
        meanwhile=_changed_meanwhile(asset, given) if is_outdated else [],
        changed_by=asset.note.account if asset.note else "",
        vocabulary=next((v.id for v in view().vocabularies if v.id == "themes"), _first()),
        most_tags=MOST_TAGS,
    )


def _groups(
    asset: Asset, of: URIRef, given: Mapping[str, list[str]], problems: Problems
) -> list[tuple[Need, list[Field]]]:
    fields = fields_of(of, given, problems)
    return by_need(own_fields(fields, asset.catalog, given, of))


def _candidates(asset: Asset) -> list[tuple[Label, str]]:
    """Datasets that may be put in a series: those with the words that are looked for."""
    if not asset.dataset.is_series:
        return []
    sought = request.args.get("find", "").strip()
    found = offered_entries(asset.catalog, KINDS["datasets"], sought, languages())
    own = asset.dataset.iri
    return [
        (entry_link(each).label, str(each.iri))
        for each in found
        if own not in each.links(DCAT.inSeries)
    ]


def _first() -> str:
    return next((vocabulary.id for vocabulary in view().vocabularies), "")


def _file_title(part: Resource) -> Label:
    found = resolve(part.texts(DCT.title), languages())
    return shown(found) if found else Label(part.first(DCAT.downloadURL, DCAT.accessURL))


def _file_page(
    asset: Asset,
    key: str,
    given: Mapping[str, list[str]],
    filled: Filled | None = None,
    *,
    is_outdated: bool = False,
) -> str:
    problems = filled.problems if filled else ()
    saved = fields_of(DCAT.Distribution, _file_given(asset, key)) if is_outdated else []
    return render_template(
        "entering/file.html",
        listed=asset,
        catalog=asset.catalog,
        name=title_of(asset),
        key=key,
        groups=_groups(asset, DCAT.Distribution, given, problems),
        errors=[(f"f-{name}", text) for name, text in problems],
        seen=mark_of_part(asset, _part(asset, key)),
        is_outdated=is_outdated,
        meanwhile=list(differing(saved, fields_of(DCAT.Distribution, given))),
        changed_by=asset.note.account if asset.note else "",
    )


def _file_given(asset: Asset, key: str) -> dict[str, list[str]]:
    """What a form would hold that says what is said of a file; nothing for one to come."""
    part = Resource.of(_part(asset, key), asset.dataset.described)
    return given_of(part, DCAT.Distribution)


def _key(part: URIRef) -> str:
    return part.rpartition("#")[2]


def _part(asset: Asset, key: str) -> URIRef:
    """The file with this key. Raises NotFoundError for one that is not there."""
    for part in asset.dataset.distributions:
        if _key(part.iri) == key:
            return part.iri
    if key == "new":
        return URIRef(f"{asset.dataset.iri}#new")
    raise NotFoundError("This dataset has no such file.")


def _answers(name: str) -> dict[URIRef, str]:
    """What the picker tells of suggestions: each concept with the words that had led to it."""
    sent = request.form.getlist(f"suggestion.{name}")[:MOST_TAGS]
    pairs = (text.partition(" ") for text in sent)
    return {URIRef(iri): words[:PHRASE] for iri, _space, words in pairs if can_hold(iri)}


def _dismissed(asset: Asset) -> list[str]:
    """The concepts that somebody said no to for a dataset."""
    decisions = services().tag_decisions.of([str(asset.dataset.iri)])
    return [each.concept for each in decisions if each.status is Status.REJECTED]


def _retag(asset: Asset) -> str:
    """Make the categories those of the form; what could not be, in words."""
    if asset.is_internal or "tags" not in request.form:
        return ""
    wanted = [iri for text in request.form.getlist("concept") for iri in text.split()][:MOST_TAGS]
    tags = shown_tags(asset.dataset, languages())
    held = {str(tag.concept) for tag in tags}
    try:
        wish = Wish(
            asset.dataset,
            added=[URIRef(iri) for iri in wanted if iri not in held and can_hold(iri)],
            removed=[tag.tag.concept for tag in tags if str(tag.concept) not in wanted],
            suggested=_answers("accepted"),
            dismissed=_answers("dismissed"),
        )
        retag_dataset(wish)
    except (InvalidError, NotFoundError) as error:
        return in_words(error)
    return ""
