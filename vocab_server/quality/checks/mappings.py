"""Links to other vocabularies, and from what is tagged."""

from collections.abc import Iterator

from rdflib import URIRef

from vocab_server.quality import clues
from vocab_server.quality.check import Check, Level, Material, Query, Repair, Severity, Words
from vocab_server.quality.hierarchy import statement
from vocab_server.rdf.namespaces import DCAT, DCT, FOAF, OWL, RDFS, SKOS
from vocab_server.rdf.query import bind

# The properties whose values people and programs follow out of a vocabulary.
LINKING = (
    *(SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch),
    *(DCT.source, FOAF.page, OWL.sameAs, RDFS.seeAlso),
)
ASKED = 500  # addresses that one query looks up
_MATCHES = "skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch skos:relatedMatch"
_NO_MATCH = " ".join(
    f"FILTER NOT EXISTS {{ ?focus {name} ?out{place} }}"
    f" FILTER NOT EXISTS {{ ?in{place} {name} ?focus }}"
    for place, name in enumerate(_MATCHES.split())
)
_WOLF = """:wolf a skos:Concept ; skos:inScheme : ; skos:broader :animal ;
    skos:prefLabel "wolf"@en ; skos:definition "A wild dog."@en """
_TAGGED = """CONSTRUCT { ?any $property ?tag } WHERE {
    GRAPH ?where { ?any $property ?tag FILTER (isIRI(?tag)) } }"""
_MATCHED = """CONSTRUCT { ?any $property ?match } WHERE {
    GRAPH ?where { ?any $property ?match } FILTER (?where != $graph && isIRI(?match)) }"""
_CONCEPTS = (
    """CONSTRUCT { ?focus a skos:Concept } WHERE { GRAPH $graph { ?focus a skos:Concept } }"""
)
_BROKEN = f"""CONSTRUCT {{ ?focus ?path ?value }} WHERE {{ VALUES ?value {{ $urls }}
    GRAPH $graph {{ ?focus ?path ?value
        FILTER (?path IN ({", ".join(path.n3() for path in LINKING)})) }} }}"""


def _without_use(material: Material) -> Iterator[bytes]:
    """Concepts in use that nothing refers to, neither to what is under them.

    Nothing as long as nothing refers to any concept of the vocabulary.
    """
    used = set(_referred(material))
    lines = material.store.lines(bind(_CONCEPTS, graph=material.graph)) if used else []
    concepts = {line.split(b" ", 1)[0].decode() for line in lines}
    used &= concepts
    if not used:
        return
    seen, waiting = set(used), list(used)
    while waiting:
        above = material.hierarchy.broader.get(waiting.pop(), set()) - seen
        seen |= above
        waiting += above
    for concept in concepts - seen:
        if concept.encode() not in material.retired:
            yield statement(concept, DCT.subject, concept)


def _referred(material: Material) -> Iterator[str]:
    """What datasets are tagged with, and what other vocabularies match; in no order."""
    asked = [bind(_TAGGED, property=path) for path in (DCT.subject, DCAT.theme)]
    asked += [bind(_MATCHED, property=p, graph=material.graph) for p in LINKING[:5]]
    for query in asked:
        for line in material.store.lines(query):
            yield line.split(b" ", 3)[2].decode()


def _broken(material: Material) -> Iterator[bytes]:
    urls = [URIRef(url) for url in sorted(material.broken)]
    for begin in range(0, len(urls), ASKED):
        some = bind(_BROKEN, graph=material.graph, urls=urls[begin : begin + ASKED])
        yield from material.store.lines(some)


CHECKS = (
    Check(
        id="MAP-1",
        title=Words("Match inside the vocabulary", "Motsvarighet inom terminologin"),
        meaning=Words(
            "Matches are for links between vocabularies. Inside one, broader, narrower and related"
            " say the same, and trees show them.",
            "Motsvarigheter är för länkar mellan terminologier. Inom en säger överordnat,"
            " underordnat"
            " och relaterat detsamma, och träd visar dem.",
        ),
        remedy=Words(
            "Use broader, narrower or related; merge what is the same.",
            "Använd överordnat, underordnat eller relaterat; slå ihop det som är samma.",
        ),
        source="SKOS Reference 10.6.1; qSKOS Mapping Relations Misuse",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query(
            f"""VALUES ?path {{ {_MATCHES} }} ?focus ?path ?value .
            ?focus skos:inScheme ?scheme . ?value skos:inScheme ?scheme""",
            clue=clues.has_any(*clues.MATCHES),
        ),
        examples=(":dog skos:closeMatch :cat .",),
        neighbours=(":dog skos:closeMatch <http://other.example/hound> .",),
    ),
    Check(
        id="MAP-2",
        title=Words("Without a link to another vocabulary", "Utan länk till en annan terminologi"),
        meaning=Words(
            "The concept has no match in another vocabulary: data marked with it is not found by"
            " those who use another one.",
            "Begreppet saknar motsvarighet i andra terminologier: data som märkts med det"
            " hittas inte"
            " av dem som använder en annan.",
        ),
        remedy=Words(
            "Link it to a concept that means the same, or nearly.",
            "Länka det till ett begrepp som betyder detsamma, eller nästan.",
        ),
        source="qSKOS Missing Out-Links",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=Query(
            f"""?focus a skos:Concept {_NO_MATCH}
            FILTER NOT EXISTS {{ ?focus owl:sameAs ?same }}
            FILTER NOT EXISTS {{ ?focus owl:deprecated true }}
            BIND(skos:exactMatch AS ?path) BIND(?focus AS ?value)""",
            clue=clues.without_match,
        ),
        examples=(f"{_WOLF}.",),
        neighbours=(f"{_WOLF}; skos:closeMatch <http://other.example/wolf> .",),
    ),
    Check(
        id="MAP-3",
        title=Words("Concept that nobody uses", "Begrepp som ingen använder"),
        meaning=Words(
            "No dataset is tagged with the concept or with one under it, and no other vocabulary"
            " here matches it, while other concepts of the vocabulary are used.",
            "Ingen datamängd är taggad med begreppet eller med något underordnat, och ingen annan"
            " terminologi här motsvarar det, medan andra begrepp i terminologin används.",
        ),
        remedy=Words(
            "See whether data is lacking, or whether publishers do not find the concept: give it"
            " the names that they use.",
            "Se efter om data saknas eller om utgivarna inte hittar begreppet: ge det de namn som"
            " de använder.",
        ),
        source="qSKOS Missing In-Links",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=_without_use,
        examples=(
            "<http://d.example/zoo> dct:subject :dog .",
            "<http://d.example/zoo> dcat:theme :penguin .",
        ),
        neighbours=(
            "<http://d.example/zoo> dct:subject :dog, :cat, :penguin .",
            "<http://d.example/zoo> dct:subject <http://other.example/animal> .",
        ),
        needs_all=True,
    ),
    Check(
        id="MAP-4",
        title=Words("Link that leads nowhere", "Länk som inte leder någonstans"),
        meaning=Words(
            "An address that a concept links to did not answer, twice in a row. A sample of the"
            " links of each vocabulary is asked, slowly and in the background.",
            "En adress som ett begrepp länkar till har inte svarat, två gånger i rad. Ett urval av"
            " varje terminologis länkar prövas, långsamt och i bakgrunden.",
        ),
        remedy=Words(
            "Correct the address, or remove the link.", "Rätta adressen eller ta bort länken."
        ),
        source="qSKOS Broken Links; data.europa.eu, MQA accessUrlStatusCode",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=_broken,
        examples=(
            ":dog skos:closeMatch <http://gone.example/dog> .",
            ":dog rdfs:seeAlso <http://gone.example/dog> .",
        ),
        neighbours=(
            ":dog skos:closeMatch <http://other.example/hound> .",
            ":dog skos:note <http://gone.example/dog> .",
        ),
        repair=Repair.REMOVE,
        needs_all=True,
    ),
    Check(
        id="MAP-5",
        title=Words("Two that match the same", "Två som motsvarar samma"),
        meaning=Words(
            "Two concepts of the vocabulary have an exact match to the same foreign concept: then"
            " they mean the same themselves.",
            "Två begrepp i terminologin är exakta motsvarigheter till samma begrepp i en annan: då"
            " betyder de själva samma sak.",
        ),
        remedy=Words(
            "Make one of them a close or broader match, or merge the two.",
            "Gör den ena till nära eller vidare motsvarighet, eller slå ihop de två.",
        ),
        source="SKOS Reference S44 and S45",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query(
            """{ SELECT ?value ?scheme {
                ?focus skos:exactMatch ?value ; skos:inScheme ?scheme
                FILTER NOT EXISTS { ?focus owl:deprecated true } }
                GROUP BY ?value ?scheme HAVING (COUNT(DISTINCT ?focus) > 1) }
            ?focus skos:exactMatch ?value ; skos:inScheme ?scheme
            BIND(skos:exactMatch AS ?path)""",
            clue=clues.has_any(SKOS.exactMatch),
        ),
        examples=(":cat skos:exactMatch <http://other.example/dog> .",),
        neighbours=(":cat skos:closeMatch <http://other.example/dog> .",),
    ),
)
