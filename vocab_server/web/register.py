"""The register of what an organisation holds (PSI), also what is only listed: the page."""

from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from vocab_server.accounts.roles import Permission
from vocab_server.catalog.resources import Dataset, dataset_id, read_datasets
from vocab_server.catalog.stages import Stage, blockers_of, reason_of, shown_stage, stage_of
from vocab_server.identity import current_account
from vocab_server.rdf.languages import Label, resolve
from vocab_server.rdf.namespaces import DCT
from vocab_server.reading import Page, languages, page_number, shown, view
from vocab_server.search.dataset_documents import Openness
from vocab_server.search.dataset_find import Chosen
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.web.stage_texts import ABOUT_STAGES, BLOCKERS, STAGES, access_name

bp = Blueprint("register", __name__)
ROWS = 50  # assets on a page
SEEN: dict[str, tuple[Openness, ...]] = {
    Stage.PUBLISHED: (Openness.OPEN,),
    Stage.INVENTORIED: (Openness.PLANNED, Openness.LISTED),
}  # the stages of what is read from elsewhere, by whether there is anything to be had


@bp.get("/catalogs/<identifier>/register")
def show(identifier: str) -> ResponseReturnValue:
    """The register, or the assets of it that stand at one stage."""
    catalog, page = view().catalog(identifier), page_number()
    everything = Chosen(catalogs=(catalog.graph,), without=())
    staged = view().datasets.values("stage", everything)
    cards, total = view().datasets.find(
        _chosen(everything, has_stages=bool(staged)),
        limit=ROWS,
        offset=(page - 1) * ROWS,
        order="place",
    )
    rows = [_row(d) for d in read_datasets(view().store, [card.iri for card in cards])]
    return render_template(
        "catalogs/register.html",
        catalog=catalog,
        page=Page(rows, page, ROWS, total),
        counts=staged or _seen_stages(everything),
        whole=view().datasets.count(everything),
        chosen=request.args.get("stage", ""),
        stages=STAGES,
        about_stages=ABOUT_STAGES,
        blockers=BLOCKERS,
        downloads=[
            ("CSV", url_for("registers.table", identifier=identifier)),
            ("JSON", url_for("registers.entries", identifier=identifier)),
            ("Turtle", url_for("dcat.register", identifier=identifier, format="ttl")),
            ("RDF/XML", url_for("dcat.register", identifier=identifier, format="rdf")),
        ],
    )


def _chosen(everything: Chosen, *, has_stages: bool) -> Chosen:
    """The assets of the stage that is asked for; as ``shown_stage`` where nobody said any."""
    stage = request.args.get("stage", "")
    if stage not in set(Stage):
        return everything
    if not has_stages and stage in SEEN:
        return replace(everything, either=(tuple(("openness", each) for each in SEEN[stage]),))
    return replace(everything, stages=(stage,))


def _seen_stages(everything: Chosen) -> dict[str, int]:
    counted = view().datasets.values("openness", everything)
    return {stage: sum(counted.get(each, 0) for each in some) for stage, some in SEEN.items()}


def _row(dataset: Dataset) -> dict[str, object]:
    base = services().settings.base
    title, reason = _text(dataset.titles), _text(dataset.resource.texts(reason_of(base)))
    return {
        "id": dataset_id(base, dataset.iri),
        "title": title or Label(local_name(dataset.iri)),
        "stage": shown_stage(dataset),
        "access": access_name(dataset.access_rights.rpartition("/")[2]),
        "blockers": blockers_of(base, dataset),
        "reason": reason,
        "available": dataset.resource.first(DCT.available),
    }


def _text(texts: tuple[Label, ...]) -> Label | None:
    found = resolve(texts, languages())
    return shown(found) if found else None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a dataset stands in a register; ``edit`` is the page to change it, "" for others."""

    stage: str
    blockers: list[str]
    reason: Label | None
    edit: str


def standing_of(dataset: Dataset) -> Standing | None:
    """Where a dataset stands in the register of its catalog; None for what never was in one."""
    stage, base = stage_of(dataset), services().settings.base
    if stage is None:
        return None
    return Standing(
        stage=str(STAGES[stage]),
        blockers=[str(BLOCKERS[blocker]) for blocker in blockers_of(base, dataset)],
        reason=_text(dataset.resource.texts(reason_of(base))),
        edit=_edit_page(dataset),
    )


def _edit_page(dataset: Dataset) -> str:
    account = current_account()
    if account is None:
        return ""
    for catalog in view().catalogs:
        if catalog.graph in dataset.graphs and account.may(Permission.EDIT_DATASETS, catalog.id):
            name = dataset_id(services().settings.base, dataset.iri)
            return url_for("entering.edit", identifier=catalog.id, name=name)
    return ""
