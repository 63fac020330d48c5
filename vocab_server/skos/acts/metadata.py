"""Acts on the vocabulary itself: what it is called, what it is about, whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from rdflib import Literal, URIRef

from vocab_server.errors import InvalidError, Phrase
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import DCT, OWL, RDF, RDFS, SKOS, VANN, VOID
from vocab_server.skos.acts.concepts import new_iri
from vocab_server.skos.acts.curation import (
    Curation,
    cleaned_label,
    cleaned_note,
    require_known,
    time_literal,
)
from vocab_server.skos.sketch import Sketch
from vocab_server.skos.vocabularies import catalog_of, get_registration
from vocab_server.store.base import Reader
from vocab_server.store.embedded import can_hold


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a vocabulary: whether its values are texts or IRIs, one or many.

    What ``has_language`` not is the same to all readers, such as the number of a version.
    """

    iri: URIRef
    is_text: bool = True
    is_single: bool = False  # texts: one in each language
    has_language: bool = True


METADATA = (
    Property(DCT.title, is_single=True),
    Property(DCT.description, is_single=True),
    Property(DCT.creator, is_text=False),
    Property(DCT.publisher, is_text=False),
    Property(DCT.license, is_text=False, is_single=True),
    Property(DCT.source),
    Property(DCT.rights),
    Property(OWL.versionInfo, is_single=True, has_language=False),
    Property(RDFS.seeAlso, is_text=False),
    Property(SKOS.definition, is_single=True),
    Property(SKOS.historyNote),
    Property(VANN.preferredNamespacePrefix, is_single=True, has_language=False),
    Property(VANN.preferredNamespaceUri, is_single=True, has_language=False),
)
_BY_IRI = {found.iri: found for found in METADATA}
_ALSO_TITLES = (SKOS.prefLabel, RDFS.label)


def create_scheme(curation: Curation, titles: Sequence[Literal], iri: URIRef) -> Change:
    """Make the concept scheme of a vocabulary that has none yet, or one more.

    Raises ConflictError when the IRI is taken, InvalidError without a title.
    """
    sketch = curation.sketch()
    names = [cleaned_label(title) for title in titles]
    made = new_iri(curation, sketch, names, iri)
    sketch.add(
        (made, RDF.type, SKOS.ConceptScheme),
        (made, DCT.created, time_literal(curation.at)),
        (made, DCT.modified, time_literal(curation.at)),
        *((made, DCT.title, name) for name in names),
    )
    _check_values(_BY_IRI[DCT.title], names)
    return curation.finish(sketch, [])


def set_metadata(
    curation: Curation, scheme: URIRef, prop: URIRef, values: Sequence[Literal | URIRef]
) -> Change:
    """Let a property of a scheme have these values and no others.

    A title is written under every property that the scheme has its title under. Raises
    InvalidError for a property that is not in METADATA, two texts in a language where there may
    be one, or no title at all.
    """
    sketch = curation.sketch()
    require_known(sketch, [scheme])
    if prop not in _BY_IRI:
        raise InvalidError(
            "%(property)s is no property of a vocabulary that can be set here.", property=prop
        )
    cleaned = [_cleaned(value) for value in values]
    _check_values(_BY_IRI[prop], cleaned)
    for each in _written_under(sketch, scheme, prop):
        sketch.replace(scheme, each, *cleaned)
    return curation.finish(sketch, [scheme])


def change_namespace(store: Reader, base: str, vocabulary: str, namespace: str) -> Change:
    """Let new addresses of a vocabulary begin so; those that there are stay.

    A change of the graph that lists the vocabularies. Raises InvalidError for what is no
    beginning of an address, NotFoundError for a vocabulary that is not there.
    """
    if not can_hold(namespace) or not namespace.startswith(("http://", "https://")):
        raise InvalidError(
            "%(namespace)r is no beginning of an address. Start it with https://.",
            namespace=namespace,
        )
    if not namespace.endswith(("/", "#")):
        raise InvalidError(
            "%(namespace)r must end in / or #, as a name follows it.", namespace=namespace
        )
    registration = get_registration(store, base, vocabulary)
    sketch = Sketch(store, catalog_of(base))
    sketch.replace(registration.graph, VOID.uriSpace, Literal(namespace))
    return sketch.change()


def _cleaned(value: Literal | URIRef) -> Literal | URIRef:
    return cleaned_note(value) if isinstance(value, Literal) else value


def _check_values(prop: Property, values: Sequence[Literal | URIRef]) -> None:
    name = str(prop.iri).rpartition("/")[2]
    if not values and prop.iri == DCT.title:
        raise InvalidError("A vocabulary has a title. Write one in at least one language.")
    if any(isinstance(value, Literal) is not prop.is_text for value in values):
        wanted = Phrase("a text") if prop.is_text else Phrase("an address")
        raise InvalidError("The %(name)s of a vocabulary is %(wanted)s.", name=name, wanted=wanted)
    languages = [value.language if isinstance(value, Literal) else "" for value in values]
    if prop.is_single and len(set(languages)) < len(languages):
        raise InvalidError(
            "There can be one %(name)s in each language. Remove the others.", name=name
        )


def _written_under(sketch: Sketch, scheme: URIRef, prop: URIRef) -> list[URIRef]:
    if prop != DCT.title:
        return [prop]
    return [prop, *(each for each in _ALSO_TITLES if sketch.values(scheme, each))]
