"""New catalogs, with the organisation that answers for each."""

from vocab_server.accounts.account import Account
from vocab_server.accounts.roles import Permission
from vocab_server.catalog.catalogs import (
    Registration,
    describe_catalog,
    list_catalogs,
    register_catalog,
)
from vocab_server.errors import ConflictError
from vocab_server.identity import demand, demand_account
from vocab_server.rdf.graph_names import source_graph
from vocab_server.rdf.languages import Label
from vocab_server.reading import view
from vocab_server.services import services


def awaited_from(account: Account | None) -> list[str]:
    """The ids of catalogs that somebody is the publisher of by name and that are not here yet."""
    if account is None:
        return []
    here = {catalog.id for catalog in view().catalogs}
    return sorted(account.named_scopes(Permission.EDIT_DATASETS) - here)


def make_catalog(identifier: str, title: Label, description: Label, name: Label, kind: str) -> None:
    """A new catalog and the organisation that answers for it.

    Whoever has the role of its publisher may make it. Raises as ``register_catalog``,
    ForbiddenError, and ConflictError when there is one with this id.
    """
    account = demand_account()
    if identifier not in account.named_scopes(Permission.EDIT_DATASETS):
        demand(Permission.MANAGE_CATALOGS)
    base = services().settings.base
    registered = register_catalog(base, identifier, title.text)
    with services().writer.open() as transaction:
        if any(c.id == identifier for c in list_catalogs(transaction.store, base)):
            raise ConflictError("There is a catalog with this id already. Choose another one.")
        catalog = Registration(identifier, source_graph(base, identifier), title)
        about = describe_catalog(catalog, title, description, name, kind)
        transaction.commit([registered, about], account.name, f"Make the catalog {identifier}")
