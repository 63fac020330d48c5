"""The datasets of a series, as publishers put them in and take them out."""

from collections.abc import Sequence

from rdflib import URIRef

from vocab_server.catalog.kinds import KINDS
from vocab_server.errors import InvalidError
from vocab_server.listing.entries import known_entries
from vocab_server.listing.keepers import Asset, commit_notes, demand_keeper
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.namespaces import DCAT

MOST_MEMBERS = 100  # datasets that are put in or taken out together


def put_in_series(series: Asset, datasets: Sequence[URIRef]) -> None:
    """Say of datasets of the same catalog that they are in a series (DCAT 3, 12).

    Raises as ``demand_keeper``, and InvalidError for what is no dataset of the catalog.
    """
    _demand_series(series)
    known = known_entries(series.catalog, KINDS["datasets"], datasets)
    if not datasets or known != set(datasets):
        raise InvalidError("Choose datasets of this catalog.")
    _keep(series, Change(series.catalog.graph, added=_memberships(series, datasets)))


def take_from_series(series: Asset, datasets: Sequence[URIRef]) -> None:
    """Say no longer that datasets are in a series. Raises as ``demand_keeper``."""
    _demand_series(series)
    _keep(series, Change(series.catalog.graph, removed=_memberships(series, datasets)))


def _demand_series(series: Asset) -> None:
    if series.kind is not KINDS["series"]:
        raise InvalidError("Only a series has datasets in it.")


def _memberships(series: Asset, datasets: Sequence[URIRef]) -> frozenset[Triple]:
    return frozenset((dataset, DCAT.inSeries, series.dataset.iri) for dataset in datasets)


def _keep(series: Asset, change: Change) -> None:
    account, catalog = demand_keeper(series.catalog.id)
    commit_notes(catalog, account, change, [], f"Change the series {series.dataset.iri}")
