"""The register of what an organisation holds (PSI): how far each asset has come, and why.

A dataset begins as an asset that is only listed (Swedish law 2010:566, the list of documents for
re-use; EntryScape's candidates for the checklist). Its stage and what keeps it from being open are
public; the checklist of who assesses it is not.
"""

from enum import StrEnum

from rdflib import URIRef

from vocab_server.catalog.resources import Dataset, Resource
from vocab_server.rdf.graph_names import CATALOGS
from vocab_server.rdf.namespaces import ADMS


class Stage(StrEnum):
    """How far an asset has come."""

    INVENTORIED = "inventoried"
    ASSESSED = "under-assessment"
    PLANNED = "planned"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Blocker(StrEnum):
    """What keeps an asset from being open."""

    PERSONAL_DATA = "personal-data"
    SECRECY = "secrecy"
    RIGHTS = "rights-of-others"
    COST = "cost"
    FORMAT = "format"
    UNDECIDED = "undecided"


class Check(StrEnum):
    """What is looked at before an asset is opened; the first three must hold."""

    NO_PERSONAL_DATA = "no-personal-data"
    RIGHTS_CLEARED = "rights-cleared"
    OWNER_KNOWN = "owner-known"
    IS_DIGITAL = "is-digital"
    FORMAT_CHOSEN = "format-chosen"
    COST_KNOWN = "cost-known"
    UPKEEP_PLANNED = "upkeep-planned"


MUST_HOLD = (Check.NO_PERSONAL_DATA, Check.RIGHTS_CLEARED, Check.OWNER_KNOWN)
INCOMPLETE = "incomplete"  # lacks what DCAT-AP demands of every dataset
NOT_FED = (Stage.INVENTORIED, Stage.ASSESSED, Stage.WITHDRAWN, INCOMPLETE)  # not for other catalogs


def term_iri(base: str, name: str) -> URIRef:
    """How a stage, a blocker or a property of the register is named in RDF."""
    return URIRef(f"{base}/{CATALOGS}#{name}")


def blocked_by(base: str) -> URIRef:
    """The property that says what keeps an asset from being open."""
    return term_iri(base, "blockedBy")


def reason_of(base: str) -> URIRef:
    """The property whose texts say why an asset is not open yet, or why it was withdrawn."""
    return term_iri(base, "reason")


def stage_of(dataset: Dataset) -> Stage | None:
    """How far a dataset has come; None for what never was in a register here."""
    return stage_named(dataset.resource)


def stage_named(resource: Resource) -> Stage | None:
    """How far an entry of a catalog has come; None for what never was in a register here."""
    name = resource.first(ADMS.status).rpartition(f"/{CATALOGS}#")[2]
    return Stage(name) if name in set(Stage) else None


def shown_stage(dataset: Dataset) -> Stage:
    """How far a dataset has come; where nobody said it, by whether there is anything to be had."""
    seen = Stage.INVENTORIED if dataset.is_listed_only else Stage.PUBLISHED
    return stage_of(dataset) or seen


def standings_of(dataset: Dataset) -> list[str]:
    """The stage of an asset, and whether it is INCOMPLETE; nothing for what is in no register."""
    stage = stage_of(dataset)
    if stage is None:
        return []
    return [stage] if dataset.titles and dataset.descriptions else [stage, INCOMPLETE]


def blockers_of(base: str, dataset: Dataset) -> tuple[Blocker, ...]:
    """What keeps a dataset from being open."""
    names = (str(v).rpartition("#")[2] for v in dataset.resource.links(blocked_by(base)))
    return tuple(Blocker(name) for name in names if name in set(Blocker))
