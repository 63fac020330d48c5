"""The integrity conditions of SKOS and SKOS-XL (SKOS Reference, W3C Recommendation 2009)."""

from itertools import product

from vocab_server.quality import clues
from vocab_server.quality.check import (
    Check,
    Level,
    Lines,
    Material,
    Query,
    Repair,
    Routine,
    Severity,
    Words,
)
from vocab_server.quality.hierarchy import RELATIONS, clusters, statement
from vocab_server.quality.same_names import several_kinds, several_preferred
from vocab_server.rdf.namespaces import SKOS

_SEMANTIC = (
    "semanticRelation broader narrower related broaderTransitive narrowerTransitive"
    " mappingRelation exactMatch closeMatch broadMatch narrowMatch relatedMatch"
)
# A concept by what is said of it (S6, S8, S19, S20). Joined, never as FILTER EXISTS after a
# sub-select: Oxigraph takes half a minute for that.
_IS_CONCEPT = "{ ?focus a skos:Concept } UNION { ?focus skos:topConceptOf ?any }" + "".join(
    f" UNION {{ ?focus skos:{name} ?any }} UNION {{ ?any skos:{name} ?focus }}"
    for name in _SEMANTIC.split()
)
_IS_SCHEME = """{ ?focus a skos:ConceptScheme } UNION { ?focus skos:hasTopConcept ?t }
    UNION { ?u skos:inScheme|skos:topConceptOf ?focus }"""
_IS_COLLECTION = """{ ?focus a skos:Collection } UNION { ?focus a skos:OrderedCollection }
    UNION { ?focus skos:member|skos:memberList ?m }"""


def _related_and_above(material: Material) -> Lines:
    """S27: from each concept that is related to something, up."""
    hierarchy = material.hierarchy
    for concept, partners in hierarchy.related.items():
        for other in partners & hierarchy.ancestors(concept, hierarchy.above) - {concept}:
            yield statement(concept, SKOS.related, other)


def _exact_and_other(material: Material) -> Lines:
    """S46, with exactMatch symmetric and transitive (S44, S45)."""
    hierarchy = material.hierarchy
    same = clusters(hierarchy.pairs(SKOS.exactMatch))
    for found in (SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch):
        for one, other in hierarchy.pairs(found):
            if one in same and other in same and same[one] == same[other]:
                yield statement(one, found, other)


_XL = ("skosxl:prefLabel", "skosxl:altLabel", "skosxl:hiddenLabel")
_XL_PAIRS = " UNION ".join(
    f"{{ ?focus {one} ?value ; {other} ?value BIND({other} AS ?path) }}"
    for one, other in product(_XL, _XL)
    if one > other
)

CHECKS = (
    Check(
        id="INT-S9",
        title=Words("Both a vocabulary and a concept", "Både en terminologi och ett begrepp"),
        meaning=Words(
            "Something is used as a concept scheme and as a concept. Programs cannot tell whether"
            " to show it as a vocabulary or as an entry in one.",
            "Något används både som begreppsschema och som begrepp. Program kan inte avgöra om det"
            " ska visas som en terminologi eller som en post i en.",
        ),
        remedy=Words(
            "Give the vocabulary and the concept an address each.",
            "Ge terminologin och begreppet var sin adress.",
        ),
        source="SKOS Reference S9",
        severity=Severity.VIOLATION,
        level=Level.ENFORCE,
        find=Query(
            f"{{ SELECT DISTINCT ?focus {{ {_IS_SCHEME} }} }} {_IS_CONCEPT}"
            " BIND(rdf:type AS ?path) BIND(?focus AS ?value)",
            clue=clues.scheme_and_concept,
        ),
        examples=(": a skos:Concept .", ":cat skos:inScheme :dog ."),
        neighbours=(":cat skos:related :dog .",),
        implied=frozenset({"STR-12", "STR-4", "STR-5", "STR-6", "DOC-1", "DOC-2", "DOC-4"})
        | {"TYP-2", "MAP-2", "LAB-1", "LAB-10", "LAB-2", "LAB-11"},
    ),
    Check(
        id="INT-S12",
        title=Words("Term that is no plain text", "Term som inte är ren text"),
        meaning=Words(
            "A term is an address, a number or something else instead of a text. Programs that show"
            " or search terms leave it out.",
            "En term är en adress, ett tal eller något annat i stället för en text. Program som"
            " visar eller söker termer hoppar över den.",
        ),
        remedy=Words(
            "Write the term as text with a language.", "Skriv termen som text med ett språk."
        ),
        source="SKOS Reference S12",
        severity=Severity.VIOLATION,
        level=Level.ENFORCE,
        find=Query(
            """VALUES ?path { skos:prefLabel skos:altLabel skos:hiddenLabel }
            ?focus ?path ?value
            FILTER (!isLiteral(?value)
                || (LANG(?value) = "" && DATATYPE(?value) != xsd:string))""",
            clue=clues.not_plain,
        ),
        examples=(":dog skos:altLabel 7 .", ":dog skos:hiddenLabel <http://example.com/hound> ."),
        neighbours=(':dog skos:altLabel "7"@en .',),
    ),
    Check(
        id="INT-S13",
        title=Words("One text as two kinds of term", "Samma text som två slags term"),
        meaning=Words(
            "The same text is preferred and alternative, or also hidden, for one concept. It can be"
            " only one of them.",
            "Samma text är både föredragen och alternativ, eller även dold, för ett begrepp. Den"
            " kan bara vara en av dem.",
        ),
        remedy=Words(
            "Remove it from the lesser kind: keep preferred before alternative before hidden.",
            "Ta bort den av det lägre slaget: behåll föredragen före alternativ före dold.",
        ),
        source="SKOS Reference S13; qSKOS Disjoint Labels Violation",
        severity=Severity.VIOLATION,
        level=Level.ENFORCE,
        find=Routine(several_kinds, frozenset(clues.LABELS)),
        examples=(
            ':dog skos:altLabel "dog"@en .',
            ':dog skos:altLabel "hound"@en ; skos:hiddenLabel "hound"@en .',
        ),
        neighbours=(':dog skos:altLabel "dog"@en-gb .', ':dog skos:altLabel "dogs"@en .'),
        repair=Repair.REMOVE,
    ),
    Check(
        id="INT-S14",
        title=Words(
            "Several preferred terms in one language", "Flera föredragna termer på ett språk"
        ),
        meaning=Words(
            "A concept may have one preferred term in each language. With more, each program shows"
            " another one.",
            "Ett begrepp får ha en föredragen term på varje språk. Finns fler visar olika program"
            " olika termer.",
        ),
        remedy=Words(
            "Keep one, and make the others alternative terms.",
            "Behåll en och gör de andra till alternativa termer.",
        ),
        source="SKOS Reference S14; qSKOS Inconsistent Preferred Labels",
        severity=Severity.VIOLATION,
        level=Level.ENFORCE,
        find=Routine(several_preferred, frozenset({SKOS.prefLabel})),
        examples=(
            ':dog skos:prefLabel "hound"@en .',
            ':dog skos:prefLabel "hound"@EN .',
            ':dog skos:prefLabel "Canis", "Canis familiaris" .',
        ),
        neighbours=(':dog skos:prefLabel "hound"@en-gb .',),
        implied=frozenset({"LAB-4", "LAB-10"}),
    ),
    Check(
        id="INT-S27",
        title=Words("Related to what is above it", "Relaterat till något som är överordnat"),
        meaning=Words(
            "Two concepts are related, and one of them stands above the other in the hierarchy."
            " Related means beside, so it cannot be both.",
            "Två begrepp är relaterade, och det ena är överordnat det andra i hierarkin. Relaterad"
            " betyder bredvid, så det kan inte vara både och.",
        ),
        remedy=Words("Keep one of the two relations.", "Behåll en av de två relationerna."),
        source="SKOS Reference S27; qSKOS Relation Clashes",
        severity=Severity.VIOLATION,
        level=Level.ENFORCE,
        find=Routine(_related_and_above, RELATIONS),
        examples=(
            ":dog skos:related :animal .",
            ":animal skos:related :penguin .",
            ":penguin skos:relatedMatch :animal .",
        ),
        neighbours=(":penguin skos:related :dog .",),
        implied=frozenset({"MAP-1"}),
    ),
    Check(
        id="INT-S35",
        title=Words("Collection with two orders", "Samling med två ordningar"),
        meaning=Words(
            "An ordered collection has one list of its members. With two, nobody knows which order"
            " holds.",
            "En ordnad samling har en enda lista över sina medlemmar. Med två vet ingen vilken"
            " ordning som gäller.",
        ),
        remedy=Words("Keep one list.", "Behåll en lista."),
        source="SKOS Reference S35",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query(
            """?focus skos:memberList ?value, ?other FILTER (STR(?value) > STR(?other))
            BIND(skos:memberList AS ?path)""",
            clue=clues.has_any(SKOS.memberList),
        ),
        examples=(
            """:pets a skos:OrderedCollection ; skos:prefLabel "pets"@en ;
            skos:member :dog, :cat ; skos:memberList :dog-first, :cat-first .
            :dog-first rdf:first :dog ; rdf:rest :cat-last .
            :cat-first rdf:first :cat ; rdf:rest :dog-last .
            :cat-last rdf:first :cat ; rdf:rest rdf:nil .
            :dog-last rdf:first :dog ; rdf:rest rdf:nil .""",
        ),
        neighbours=(
            """:pets a skos:OrderedCollection ; skos:prefLabel "pets"@en ;
            skos:member :dog, :cat ; skos:memberList (:dog :cat) .""",
        ),
    ),
    Check(
        id="INT-S36",
        title=Words("In the list, but not a member", "I listan, men inte medlem"),
        meaning=Words(
            "What is in the list of an ordered collection is a member of it; programs that read"
            " members only do not see it.",
            "Det som står i en ordnad samlings lista är medlem i den; program som bara läser"
            " medlemmar ser det inte.",
        ),
        remedy=Words("Say that it is a member.", "Ange att det är medlem."),
        source="SKOS Reference S36",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query("""?focus skos:memberList/rdf:rest*/rdf:first ?value
            FILTER NOT EXISTS { ?focus skos:member ?value } BIND(skos:member AS ?path)"""),
        examples=(
            """:pets a skos:OrderedCollection ; skos:prefLabel "pets"@en ;
            skos:member :dog ; skos:memberList (:dog :cat) .""",
        ),
        neighbours=(
            """:pets a skos:OrderedCollection ; skos:prefLabel "pets"@en ;
            skos:member :dog, :cat ; skos:memberList (:dog :cat) .""",
        ),
        repair=Repair.ADD,
        needs_all=True,
    ),
    Check(
        id="INT-S37",
        title=Words(
            "A collection that is something else too", "En samling som också är något annat"
        ),
        meaning=Words(
            "A collection is only a way to bring concepts together: it is no concept and no"
            " vocabulary, and has nothing broader, narrower or related.",
            "En samling är bara ett sätt att föra ihop begrepp: den är varken begrepp eller"
            " terminologi och har inget överordnat, underordnat eller relaterat.",
        ),
        remedy=Words(
            "Make it one of them, or take it out of the hierarchy.",
            "Gör den till ett av dem, eller ta den ur hierarkin.",
        ),
        source="SKOS Reference S37 and 9.6.4",
        severity=Severity.VIOLATION,
        level=Level.ENFORCE,
        find=Query(
            f"{{ SELECT DISTINCT ?focus {{ {_IS_COLLECTION} }} }} {_IS_CONCEPT}"
            " UNION { ?focus a skos:ConceptScheme } UNION { ?focus skos:hasTopConcept ?t2 }"
            " UNION { ?u2 skos:inScheme ?focus }"
            " BIND(rdf:type AS ?path) BIND(?focus AS ?value)",
            clue=clues.collection,
        ),
        examples=(
            ":dog a skos:Collection .",
            """:pets a skos:Collection ; skos:prefLabel "pets"@en ; skos:member :cat .
            :dog skos:broader :pets .""",
        ),
        neighbours=(
            ':pets a skos:Collection ; skos:prefLabel "pets"@en ; skos:inScheme : ;'
            " skos:member :cat .",
        ),
        implied=frozenset({"TYP-1"}),
    ),
    Check(
        id="INT-S46",
        title=Words("Exact match and another match", "Exakt motsvarighet och en annan"),
        meaning=Words(
            "Two concepts are said to mean the same, and also that one is broader, narrower or only"
            " related. What is the same as the same is the same.",
            "Två begrepp sägs betyda samma sak, och även att det ena är vidare, snävare eller bara"
            " relaterat. Det som är lika med samma sak är lika.",
        ),
        remedy=Words("Keep the relation that is true.", "Behåll den relation som stämmer."),
        source="SKOS Reference S46, with S44 and S45; qSKOS Mapping Clashes",
        severity=Severity.VIOLATION,
        level=Level.ENFORCE,
        find=Routine(_exact_and_other, RELATIONS),
        examples=(
            ":dog skos:broadMatch <http://other.example/dog> .",
            """:dog skos:relatedMatch <http://third.example/dog> .
            <http://other.example/dog> skos:exactMatch <http://third.example/dog> .""",
        ),
        neighbours=(":dog skos:broadMatch <http://other.example/mammal> .",),
        implied=frozenset(),
    ),
    Check(
        id="INT-XL",
        title=Words("Faulty extended term", "Felaktig utökad term"),
        meaning=Words(
            "A term with properties of its own (SKOS-XL) has exactly one text, is of one kind for a"
            " concept, and is no concept, collection or vocabulary itself.",
            "En term med egna egenskaper (SKOS-XL) har exakt en text, är av ett enda slag för ett"
            " begrepp och är inte själv begrepp, samling eller terminologi.",
        ),
        remedy=Words(
            "Give it one text and one kind, and an address of its own.",
            "Ge den en text och ett slag, och en egen adress.",
        ),
        source="SKOS Reference S48, S52 and S58",
        severity=Severity.VIOLATION,
        level=Level.BLOCK,
        find=Query(
            f"""{{ ?focus a skosxl:Label
                VALUES ?value {{ skos:Concept skos:ConceptScheme skos:Collection }}
                ?focus a ?value BIND(rdf:type AS ?path) }}
            UNION {{ ?focus a skosxl:Label FILTER NOT EXISTS {{ ?focus skosxl:literalForm ?text }}
                BIND(skosxl:literalForm AS ?path) BIND(?focus AS ?value) }}
            UNION {{ ?focus skosxl:literalForm ?value, ?other
                FILTER (STR(?value) > STR(?other)
                    || (STR(?value) = STR(?other) && LANG(?value) > LANG(?other)))
                BIND(skosxl:literalForm AS ?path) }}
            UNION {_XL_PAIRS}""",
            clue=clues.extended,
        ),
        examples=(
            ":term a skosxl:Label .",
            ':term a skosxl:Label ; skosxl:literalForm "hound"@en, "hounds"@en .',
            """:dog skosxl:altLabel :term ; skosxl:hiddenLabel :term .
            :term a skosxl:Label ; skosxl:literalForm "hound"@en .""",
        ),
        neighbours=(
            """:dog skosxl:altLabel :term .
            :term a skosxl:Label ; skosxl:literalForm "hound"@en .""",
        ),
    ),
)
