"""The classes that concepts and groups of vocabularies have, from the counts of the snapshot."""

from collections.abc import Iterable

from vocab_server.rdf.namespaces import DCAT, FOAF, OWL, RDF, RDFS, SKOS, SKOSXL, VOID
from vocab_server.reading import view
from vocab_server.skos.vocabularies import Vocabulary

_FOREIGN = tuple(str(space) for space in (DCAT, FOAF, OWL, RDF, RDFS, SKOSXL, VOID))


def list_classes(vocabularies: Iterable[Vocabulary]) -> list[str]:
    """The IRIs of the classes, in order; not those of schemes and of what describes them."""
    found = {
        name
        for vocabulary in vocabularies
        for name, count in view().statistics(vocabulary.graph).classes.items()
        if count > 0 and not name.startswith(_FOREIGN) and name != str(SKOS.ConceptScheme)
    }
    return sorted(found)
