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
            "%(concept)s is a whole vocabulary.",
            "Withdraw single concepts only.",
            concept=sketch.name(concept),
        )
    for lower in sorted(narrower_of(sketch, concept)):
        raise RuleBrokenError(
            "STR-14",
            "%(lower)s is under %(concept)s.",
            "Move it first.",
            lower=sketch.name(lower),
            concept=sketch.name(concept),
        )
    for subject, _, _ in sorted(sketch.find(None, [DCT.isReplacedBy], [concept])):
        raise RuleBrokenError(
            "TYP-1",
            "%(subject)s says that %(concept)s replaces it.",
            "Name another concept there first.",
            subject=sketch.name(subject),
            concept=sketch.name(concept),
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
