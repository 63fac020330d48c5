"""Spreadsheets that come back, by way of a page or of a program: what both do with them."""

from pathlib import Path

from rdflib import URIRef

from vocab_server.database.uploads import Uploads
from vocab_server.editing.sheet_drafting import UNDECIDED, Drafting, Preview, preview
from vocab_server.editing.sheet_edits import Edits
from vocab_server.identity import demand_account
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.store.snapshots import number_of


def read_edits(vocabulary: Vocabulary, path: Path, name: str) -> Edits:
    """What a file changes. Raises InvalidError when it cannot be read or is of another."""
    now = view()
    return services().spreadsheets.compare(
        path, name, vocabulary.id, vocabulary.graph, now.store, number_of(now.path)
    )


def keep_edits(graph: URIRef, edits: Edits) -> str:
    """Keep what a file changes for who is asking; its key."""
    return Uploads(services().database).keep(graph, demand_account().name, edits.to_json())


def kept_edits(graph: URIRef, key: str) -> Edits:
    """What a file of who is asking changes. Raises NotFoundError."""
    found = Uploads(services().database).get(key, graph, demand_account().name)
    return Edits.from_json(found)


def look_at(graph: URIRef, edits: Edits) -> Preview:
    """What a file would change as things are now."""
    return preview(services().curation(graph), edits, languages_of(graph), UNDECIDED)


def languages_of(graph: URIRef) -> list[str]:
    """The languages of a vocabulary, the one with most labels first."""
    counted = view().statistics(graph).languages
    return sorted((tag for tag in counted if tag), key=lambda tag: (-counted[tag], tag))


def drafting() -> Drafting:
    """What makes drafts of spreadsheets."""
    return Drafting(services().drafts, services().desk, services().curation)
