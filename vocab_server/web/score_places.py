"""The places that pages of scores are of, catalogs and publishers, and the datasets in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from rdflib import URIRef

from vocab_server.accounts.roles import Permission
from vocab_server.database.scores import DatasetScore, Kind, Summary
from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.identity import current_account
from vocab_server.quality.score_sums import Column
from vocab_server.rdf.languages import Label
from vocab_server.reading import languages, shown, view, with_language
from vocab_server.search.dataset_documents import DatasetCard
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.labels import labels_of
from vocab_server.store.embedded import can_hold
from vocab_server.web.datasets import Row, rows
from vocab_server.web.score_texts import BY_CATEGORY, FIELDS


@dataclass(frozen=True, slots=True)
class Place:
    """A catalog or a publisher, with what its pages are called."""

    kind: Kind
    iri: URIRef
    name: Label
    identifier: str = ""

    def url(self, column: str = "") -> str:
        """The address of its scores, or of the datasets where a metric fails."""
        own: dict[str, Any] = {"column": column} if column else {}
        if self.kind is Kind.CATALOG:
            name = "scores.lacking" if column else "scores.catalog"
            return with_language(url_for(name, _external=False, identifier=self.identifier, **own))
        name = "scores.lacking_of_publisher" if column else "scores.publisher"
        found = url_for(name, _external=False, **own)
        return with_language(f"{found}?{urlencode({'iri': self.iri})}")

    @property
    def datasets_url(self) -> str:
        """The address of the list of its datasets."""
        chosen = {"catalog": self.identifier} if self.identifier else {"publisher": self.iri}
        return with_language(f"{url_for('datasets.index')}?{urlencode(chosen)}")


def catalog_place(identifier: str) -> Place:
    """The catalog with this id. Raises NotFoundError."""
    found = view().catalog(identifier)
    return Place(Kind.CATALOG, found.graph, found.title, found.id)


def publisher_place() -> Place:
    """The publisher ``iri`` of the request. Raises InvalidError and NotFoundError."""
    text = request.args.get("iri", "").strip()
    if not text or not can_hold(text):
        raise InvalidError("Give the address of a publisher as ?iri=.")
    iri = URIRef(text)
    if not view().datasets.count_of(iri):
        raise NotFoundError("No dataset here is published by %(iri)s.", iri=iri)
    names = labels_of(view().store, [iri], languages())
    return Place(Kind.PUBLISHER, iri, shown(names.get(iri) or Label(local_name(iri))))


def listed_places(summaries: Sequence[Summary]) -> list[tuple[Place, Summary]]:
    """Places with their scores; one look-up of names for all."""
    catalogs = {str(found.graph): found for found in view().catalogs}
    iris = [URIRef(each.place) for each in summaries]
    names = labels_of(view().store, iris, languages())
    found = []
    for each, iri in zip(summaries, iris, strict=True):
        if each.kind is Kind.PUBLISHER:
            name = shown(names.get(iri) or Label(local_name(iri)))
            found.append((Place(Kind.PUBLISHER, iri, name), each))
        elif each.place in catalogs:
            known = catalogs[each.place]
            found.append((Place(Kind.CATALOG, iri, known.title, known.id), each))
    return found


@dataclass(frozen=True, slots=True)
class LackingRow:
    """A dataset where a metric fails; ``form`` is where that is put right, "" for elsewhere."""

    row: Row
    href: str
    score: DatasetScore
    form: str


def lacking_rows(found: Sequence[DatasetScore], column: Column) -> list[LackingRow]:
    """The datasets as lists show them."""
    cards = {str(card.iri): card for card in view().datasets.cards([each.iri for each in found])}
    there = [(each, cards[each.iri]) for each in found if each.iri in cards]
    return [
        LackingRow(row, with_language(url_for("scores.dataset", identifier=card.id)), each, form)
        for row, (each, card) in zip(rows([card for _, card in there]), there, strict=True)
        for form in [_form(card, column)]
    ]


def _form(card: DatasetCard, column: Column) -> str:
    """Where the reader can put a metric of a dataset right, as far as they may."""
    account = current_account()
    own = [catalog for catalog in view().catalogs if catalog.graph in card.graphs]
    if account is None:
        return ""
    if column.is_ours or column.id in BY_CATEGORY:
        may_tag = any(account.may(Permission.TAG_DATASETS, catalog.id) for catalog in own)
        address = url_for("datasets.show", identifier=card.id, _anchor="categories")
        return with_language(address) if may_tag else ""
    if not card.iri.startswith(f"{services().settings.base}/datasets/"):
        return ""
    field = f"f-{FIELDS[column.id]}" if column.id in FIELDS else None
    return next(
        (
            url_for("entering.edit", identifier=catalog.id, name=card.id, _anchor=field)
            for catalog in own
            if account.may(Permission.EDIT_DATASETS, catalog.id)
        ),
        "",
    )
