"""The place of each concept: in a vocabulary, at its top or under something in use."""

from collections.abc import Iterator

from vocab_server.quality import clues
from vocab_server.quality.check import (
    Check,
    Level,
    Material,
    Query,
    Repair,
    Routine,
    Severity,
    Words,
)
from vocab_server.quality.hierarchy import RELATIONS, edges, statement
from vocab_server.rdf.namespaces import SKOS

_IN_USE = "FILTER NOT EXISTS { ?focus owl:deprecated true }"
_RELATIONS = (
    "broader narrower related broaderTransitive narrowerTransitive semanticRelation broadMatch"
    " narrowMatch relatedMatch"
)
# Several NOT EXISTS with a triple each: twice as fast as one with alternatives.
_ALONE = " ".join(
    f"FILTER NOT EXISTS {{ ?focus skos:{name} ?out{place} }}"
    f" FILTER NOT EXISTS {{ ?in{place} skos:{name} ?focus }}"
    for place, name in enumerate(_RELATIONS.split())
)


def _top_and_under(material: Material) -> Iterator[bytes]:
    """Concepts at the top of a scheme with something right above them in the same scheme."""
    hierarchy = material.hierarchy
    tops = edges(hierarchy.pairs(SKOS.topConceptOf), hierarchy.pairs(SKOS.hasTopConcept))
    under = {top: schemes for top, schemes in tops.items() if top in hierarchy.broader}
    inside = edges(hierarchy.pairs(SKOS.inScheme)) if under else {}
    for concept, schemes in under.items():
        for upper in hierarchy.broader[concept]:
            for scheme in schemes & (inside.get(upper, set()) | tops.get(upper, set())):
                yield statement(concept, SKOS.topConceptOf, scheme)


_WOLF = """:wolf a skos:Concept ; skos:prefLabel "wolf"@en ; skos:definition "A wild dog."@en ;
    skos:exactMatch <http://other.example/wolf> """
_PETS = """:pets a skos:ConceptScheme ; dct:title "Pets"@en ; dct:description "At home."@en ;
    dct:creator :us ; dct:created "2026-01-01"^^xsd:date ; dct:modified "2026-01-01"^^xsd:date ;
    dct:license <http://example.com/free> """

CHECKS = (
    Check(
        id="STR-4",
        title=Words("Concept on its own", "Fristående begrepp"),
        meaning=Words(
            "Nothing is broader, narrower or related to the concept. Who reads their way through"
            " the hierarchy learns nothing about it. In a flat list of top concepts that is as it"
            " should be, and is not told.",
            "Inget är överordnat, underordnat eller relaterat till begreppet. Den som läser sig"
            " igenom hierarkin får inte veta något om det. I en platt lista av toppbegrepp är det"
            " som det ska och nämns inte.",
        ),
        remedy=Words("Give it a place in the hierarchy.", "Ge det en plats i hierarkin."),
        source="qSKOS Orphan Concepts; EuVoc; skohub",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query(
            f"""?focus a skos:Concept {_ALONE} {_IN_USE} FILTER (
                (NOT EXISTS {{ ?focus skos:topConceptOf ?of }}
                    && NOT EXISTS {{ ?scheme skos:hasTopConcept ?focus }})
                || EXISTS {{ ?lower skos:broader ?upper }} || EXISTS {{ ?up skos:narrower ?down }})
            BIND(skos:broader AS ?path) BIND(?focus AS ?value)""",
            clue=clues.alone,
        ),
        examples=(f"{_WOLF}; skos:inScheme : ; skos:topConceptOf : .",),
        neighbours=(f"{_WOLF}; skos:inScheme : ; skos:broader :animal .",),
    ),
    Check(
        id="STR-5",
        title=Words("Neither under another nor at the top", "Varken under ett annat eller överst"),
        meaning=Words(
            "Nothing is broader than the concept, and no vocabulary has it at its top: a tree does"
            " not show it.",
            "Inget är överordnat begreppet, och ingen terminologi har det överst: ett träd"
            " visar det"
            " inte.",
        ),
        remedy=Words(
            "Put it under another concept, or at the top.",
            "Placera det under ett annat begrepp eller överst.",
        ),
        source="PoolParty; VocBench ICV, dangling concepts",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query(
            f"""?focus a skos:Concept FILTER NOT EXISTS {{ ?focus skos:broader ?upper }}
            FILTER NOT EXISTS {{ ?above skos:narrower ?focus }}
            FILTER NOT EXISTS {{ ?focus skos:topConceptOf ?of }}
            FILTER NOT EXISTS {{ ?scheme skos:hasTopConcept ?focus }} {_IN_USE}
            BIND(skos:topConceptOf AS ?path)
            OPTIONAL {{ ?focus skos:inScheme ?own }} BIND(COALESCE(?own, ?focus) AS ?value)""",
            clue=clues.without_place,
        ),
        examples=(f"{_WOLF}; skos:inScheme : ; skos:related :dog .",),
        neighbours=(f"{_WOLF}; skos:inScheme : ; skos:related :dog ; skos:broader :animal .",),
        repair=Repair.ADD,
    ),
    Check(
        id="STR-6",
        title=Words("Vocabulary without a top", "Terminologi utan toppbegrepp"),
        meaning=Words(
            "No concept is said to be at the top of the vocabulary: programs do not know where its"
            " tree begins.",
            "Inget begrepp anges stå överst i terminologin: program vet inte var trädet börjar.",
        ),
        remedy=Words("Say which concepts are at the top.", "Ange vilka begrepp som står överst."),
        source="qSKOS Omitted Top Concepts; VocBench ICV",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query("""{ SELECT DISTINCT ?focus { { ?focus a skos:ConceptScheme }
                UNION { ?concept skos:inScheme ?focus } } }
            FILTER NOT EXISTS { ?focus skos:hasTopConcept ?top }
            FILTER NOT EXISTS { ?concept skos:topConceptOf ?focus }
            BIND(skos:hasTopConcept AS ?path) BIND(?focus AS ?value)"""),
        examples=(f"{_PETS} .",),
        neighbours=(f"{_PETS} ; skos:hasTopConcept :animal .",),
    ),
    Check(
        id="STR-7",
        title=Words("At the top, and under another", "Överst och under ett annat"),
        meaning=Words(
            "A concept is said to be at the top of its vocabulary, and has something broader in"
            " it.",
            "Ett begrepp anges stå överst i sin terminologi och har något överordnat i den.",
        ),
        remedy=Words("Remove one of the two statements.", "Ta bort en av de två uppgifterna."),
        source="SKOS Reference 4.6.3; qSKOS Top Concepts Having Broader Concepts",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Routine(_top_and_under, RELATIONS | {SKOS.inScheme}),
        examples=(":dog skos:topConceptOf : .", ": skos:hasTopConcept :penguin ."),
        neighbours=(f"{_PETS} ; skos:hasTopConcept :dog .",),
        repair=Repair.REMOVE,
    ),
    Check(
        id="STR-12",
        title=Words("In no vocabulary", "Ingår inte i någon terminologi"),
        meaning=Words(
            "A concept does not say which vocabulary it is in, so programs that ask for one do not"
            " get it.",
            "Ett begrepp anger inte vilken terminologi det ingår i, så program som frågar efter en"
            " terminologi får inte med det.",
        ),
        remedy=Words("Say which vocabulary it is in.", "Ange vilken terminologi det ingår i."),
        source="VocBench ICV, concepts in no scheme; Skosify",
        severity=Severity.VIOLATION,
        level=Level.BLOCK,
        # Where there is no concept scheme, there is none to say.
        find=Query(
            """?focus a skos:Concept FILTER NOT EXISTS { ?focus skos:inScheme ?in }
            FILTER NOT EXISTS { ?focus skos:topConceptOf ?of }
            FILTER NOT EXISTS { ?scheme skos:hasTopConcept ?focus }
            FILTER EXISTS { ?any a skos:ConceptScheme }
            BIND(skos:inScheme AS ?path) BIND(?focus AS ?value)""",
            clue=clues.without(SKOS.inScheme, SKOS.topConceptOf),
        ),
        examples=(f"{_WOLF}; skos:broader :animal .",),
        neighbours=(f"{_WOLF}; skos:broader :animal ; skos:inScheme : .",),
    ),
    Check(
        id="STR-13",
        title=Words("Relation into another vocabulary", "Relation in i en annan terminologi"),
        meaning=Words(
            "Broader, narrower and related are for concepts of one vocabulary; links to another are"
            " matches.",
            "Överordnat, underordnat och relaterat är för begrepp i samma terminologi; länkar"
            " till en"
            " annan är motsvarigheter.",
        ),
        remedy=Words(
            "Use a match instead, for example broadMatch.",
            "Använd en motsvarighet i stället, till exempel broadMatch.",
        ),
        source="SKOS Reference 10.6.1, convention",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=Query(
            """VALUES ?path { skos:broader skos:narrower skos:related }
            ?focus ?path ?value ; skos:inScheme ?own . ?value skos:inScheme ?other
            FILTER NOT EXISTS { ?focus skos:inScheme ?both . ?value skos:inScheme ?both }""",
            clue=clues.in_no_common_scheme(SKOS.broader, SKOS.narrower, SKOS.related),
        ),
        examples=(
            f"""{_PETS} ; skos:hasTopConcept :wolf . {_WOLF} ; skos:inScheme :pets ;
            skos:topConceptOf :pets ; skos:related :dog .""",
        ),
        neighbours=(
            f"""{_PETS} ; skos:hasTopConcept :wolf . {_WOLF} ; skos:inScheme :pets, : ;
            skos:topConceptOf :pets ; skos:related :dog .""",
        ),
    ),
    Check(
        id="STR-14",
        title=Words("Leads to what is no longer used", "Leder till något som inte längre används"),
        meaning=Words(
            "A concept in use stands under a deprecated one or is related to it. Readers do not"
            " find it by walking down.",
            "Ett begrepp som används står under ett utgånget eller är relaterat till det. Läsaren"
            " hittar det inte genom att gå nedåt.",
        ),
        remedy=Words(
            "Lead to what replaces the deprecated concept.",
            "Led till det som ersätter det utgångna begreppet.",
        ),
        source="VocBench ICV, broken alignments; design: identifiers never die",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query(
            f"""VALUES ?path {{ skos:broader skos:related }}
            ?value owl:deprecated true . ?focus ?path ?value {_IN_USE}""",
            clue=clues.leads_to_retired(SKOS.broader, SKOS.related),
        ),
        examples=(
            f"""{_WOLF} ; skos:inScheme : ; skos:broader :animal ; owl:deprecated true .
            :penguin skos:broader :wolf .""",
        ),
        neighbours=(f"{_WOLF} ; skos:inScheme : ; skos:broader :animal ; owl:deprecated true .",),
        implied=frozenset({"STR-3"}),
    ),
)
