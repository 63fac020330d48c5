"""Taking away what nobody should see: a concept with all that is said of it and with it."""

from rdflib import URIRef
from rdflib.term import Identifier

from vocab_server.errors import RuleBrokenError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import DCT, RDF, SKOS
from vocab_server.rdf.skolem import is_skolem
from vocab_server.skos.above import narrower_of
from vocab_server.skos.acts.curation import require_known
from vocab_server.skos.sketch import Sketch
from vocab_server.store.base import Reader


def withdraw(store: Reader, graph: URIRef, concept: URIRef) -> Change:
    """The change that takes a concept or collection away, with every statement that names it.

    Raises NotFoundError when the graph does not have it, RuleBrokenError for a concept scheme, and
    as long as something is under it or refers to it as what replaces that.
    """
    sketch = Sketch(store, graph)
    require_known(sketch, [concept])
    if sketch.find([concept], [RDF.type], [SKOS.ConceptScheme]):
        raise RuleBrokenError(
            "identifiers never die",
            f"{sketch.name(concept)} is a whole vocabulary.",
            "Withdraw single concepts only.",
        )
    for lower in sorted(narrower_of(sketch, concept)):
        raise RuleBrokenError(
            "STR-14",
            f"{sketch.name(lower)} is under {sketch.name(concept)}.",
            "Move it first.",
        )
    for subject, _, _ in sorted(sketch.find(None, [DCT.isReplacedBy], [concept])):
        raise RuleBrokenError(
            "TYP-1",
            f"{sketch.name(subject)} says that {sketch.name(concept)} replaces it.",
            "Name another concept there first.",
        )
    sketch.remove(*sketch.find(None, None, [concept]))
    _forget(sketch, {concept})
    return sketch.change()


def _forget(sketch: Sketch, resources: set[Identifier]) -> None:
    """Remove what is said of resources, and of the nameless parts that only they have."""
    while resources:
        own = sketch.find(resources)
        sketch.remove(*own)
        resources = {o for _, _, o in own if isinstance(o, URIRef) and is_skolem(o)}
        resources -= {o for _, _, o in sketch.find(None, None, resources)} if resources else set()
