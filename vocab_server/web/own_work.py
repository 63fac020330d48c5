"""What somebody who is signed in can go on with: drafts in work, and the catalogs of theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from flask import url_for
from flask_babel import gettext as _
from rdflib import URIRef

from vocab_server.accounts.account import Account
from vocab_server.accounts.roles import Permission
from vocab_server.catalog.catalogs import Registration
from vocab_server.database.drafts import Draft
from vocab_server.editing.workflow import State
from vocab_server.founding import awaited_from
from vocab_server.listing.keepers import kept_here
from vocab_server.rdf.languages import Label
from vocab_server.reading import Link, view
from vocab_server.services import services
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.catalogs import titles_in
from vocab_server.web.draft_texts import STATES
from vocab_server.web.drafts import IN_WORK
from vocab_server.web.vocabularies import summary

MOST = 10  # of each kind


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """A draft in work, of a vocabulary that somebody may change."""

    href: str
    title: str
    state: str
    vocabulary: Label
    author: str
    modified: datetime


@dataclass(frozen=True, slots=True)
class OwnCatalog:
    """A catalog that somebody publishes in; ``do`` is where to go on, and what is done there."""

    name: Link
    do: str
    href: str


@dataclass(frozen=True, slots=True)
class OwnWork:
    """All of it, MOST of each kind; ``vocabularies`` lead to their drafts.

    ``to_make`` are the ids of catalogs of theirs that are not here yet.
    """

    drafts: list[OwnDraft]
    vocabularies: list[Link]
    catalogs: list[OwnCatalog]
    to_make: list[str]


def work_of(account: Account) -> OwnWork:
    """What somebody can go on with; empty for who may only read. A few queries in all."""
    edited = [v for v in view().vocabularies if account.may(Permission.EDIT_DRAFTS, v.id)]
    owned = (c for c in view().catalogs if account.may(Permission.EDIT_DATASETS, c.id))
    return OwnWork(
        _drafts(edited),
        [
            Link(url_for("drafts.index", identifier=v.id), summary(v).title)
            for v in islice(edited, MOST)
        ],
        _catalogs(list(islice(owned, MOST))),
        awaited_from(account)[:MOST],
    )


def _drafts(edited: Iterable[Vocabulary]) -> list[OwnDraft]:
    by_graph = {vocabulary.graph: vocabulary for vocabulary in edited}
    if not by_graph:
        return []
    table = services().drafts.table
    found, _total = table.page(graphs=list(by_graph), states=IN_WORK, limit=MOST)
    return [_draft(draft, by_graph[draft.graph]) for draft in found]


def _draft(draft: Draft, vocabulary: Vocabulary) -> OwnDraft:
    return OwnDraft(
        url_for("drafts.show", number=draft.id),
        draft.title,
        str(STATES[State(draft.state)]),
        summary(vocabulary).title,
        draft.author,
        draft.modified,
    )


def _catalogs(owned: list[Registration]) -> list[OwnCatalog]:
    titles, kept = titles_in([catalog.graph for catalog in owned]), kept_here(owned)
    return [_catalog(each, titles.get(each.graph, each.title), kept) for each in owned]


def _catalog(catalog: Registration, title: Label, kept: set[URIRef]) -> OwnCatalog:
    name = Link(url_for("catalogs.show", identifier=catalog.id), title)
    if catalog.graph in kept:
        return OwnCatalog(
            name, _("List and describe data"), url_for("first_steps.show", identifier=catalog.id)
        )
    return OwnCatalog(name, _("Choose categories"), url_for("datasets.index", catalog=catalog.id))
