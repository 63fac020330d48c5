"""The notes of a release as they are proposed: what changed since the one before, in words."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from rdflib import URIRef

from vocab_server.editing.differences import difference
from vocab_server.reading import lens_for, view
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.labels import labels_of
from vocab_server.skos.releases import Release
from vocab_server.skos.telling import Told
from vocab_server.skos.told_groups import Group
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.store.snapshots import number_of
from vocab_server.web.told_names import group_name

NAMED = 50  # concepts of a group that are named


def proposed_notes(vocabulary: Vocabulary, before: Release | None) -> str:
    """What changed since a release, by group, in the reader's language; "" before the first."""
    if before is None:
        return ""
    now = number_of(view().path)
    found = difference(services().log, vocabulary.graph, before.number, now)
    if found.groups is None:
        counts = {"added": found.added, "removed": found.removed}
        return str(_("%(added)s statements were added and %(removed)s removed.", **counts))
    groups = {group: items for group, items in found.groups.items() if items}
    return "\n\n".join(
        "\n".join(_told(vocabulary, group, items)) for group, items in groups.items()
    )


def _told(vocabulary: Vocabulary, group: Group, items: Sequence[Told]) -> Iterator[str]:
    concepts = list(dict.fromkeys(URIRef(str(item.concept)) for item in items))
    lens = lens_for(vocabulary.graph)
    labels = labels_of(view().store, concepts[:NAMED], lens.languages, vocabulary.graph)
    yield f"{group_name(group)} ({len(concepts)})"
    for concept in concepts[:NAMED]:
        label = labels.get(concept)
        yield f"- {label.text if label else local_name(concept)}"
    if len(concepts) > NAMED:
        yield "- " + ngettext("%(num)s more", "%(num)s more", len(concepts) - NAMED)
