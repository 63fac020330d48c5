"""Identifiers and types: what is pointed at is there, and is said to be what it is."""

from vocab_server.quality import clues
from vocab_server.quality.check import Check, Level, Query, Repair, Severity, Words
from vocab_server.rdf.namespaces import SKOS

_NAMES = (
    "Concept ConceptScheme Collection OrderedCollection inScheme hasTopConcept topConceptOf"
    " prefLabel altLabel hiddenLabel notation note changeNote definition editorialNote example"
    " historyNote scopeNote semanticRelation broader narrower related broaderTransitive"
    " narrowerTransitive member memberList mappingRelation closeMatch exactMatch broadMatch"
    " narrowMatch relatedMatch"
)
_LEADING = (
    *(SKOS.broader, SKOS.narrower, SKOS.related),
    *(SKOS.broaderTransitive, SKOS.narrowerTransitive, SKOS.hasTopConcept),
)
_KNOWN = ", ".join(f"skos:{name}" for name in _NAMES.split())

CHECKS = (
    Check(
        id="TYP-1",
        title=Words("Relation to what is not there", "Relation till något som inte finns"),
        meaning=Words(
            "A relation leads to an address that no vocabulary here says is a concept. Whoever"
            " follows it finds nothing.",
            "En relation leder till en adress som ingen terminologi här säger är ett begrepp."
            " Den som"
            " följer den hittar ingenting.",
        ),
        remedy=Words(
            "Remove the relation, or add the concept.",
            "Ta bort relationen eller lägg till begreppet.",
        ),
        source="qSKOS Authoritative Concepts; VocBench ICV, broken alignments",
        severity=Severity.VIOLATION,
        level=Level.BLOCK,
        find=Query(
            """VALUES ?path { skos:broader skos:narrower skos:related skos:broaderTransitive
                skos:narrowerTransitive skos:hasTopConcept }
            ?focus ?path ?value
            FILTER NOT EXISTS { ?value a skos:Concept }
            FILTER NOT EXISTS { GRAPH ?elsewhere { ?value a skos:Concept } }""",
            clue=clues.not_there(*_LEADING),
        ),
        examples=(":dog skos:related :wolf .", ":dog skos:broader <http://other.example/mammal> ."),
        neighbours=(":dog skos:closeMatch <http://other.example/wolf> .",),
        repair=Repair.REMOVE,
    ),
    Check(
        id="TYP-2",
        title=Words("Vocabulary that is not declared", "Terminologi som inte är deklarerad"),
        meaning=Words(
            "Concepts are said to be in a vocabulary, but nothing says that it is one.",
            "Begrepp sägs ingå i en terminologi, men inget säger att den är en.",
        ),
        remedy=Words(
            "Declare it as a concept scheme, or correct the address.",
            "Deklarera den som begreppsschema eller rätta adressen.",
        ),
        source="SKOS Reference S4",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query(
            """{ SELECT DISTINCT ?focus { ?concept skos:inScheme|skos:topConceptOf ?focus } }
            FILTER NOT EXISTS { ?focus a skos:ConceptScheme }
            FILTER NOT EXISTS { GRAPH ?elsewhere { ?focus a skos:ConceptScheme } }
            BIND(rdf:type AS ?path) BIND(skos:ConceptScheme AS ?value)""",
            clue=clues.undeclared_scheme,
        ),
        examples=(":dog skos:inScheme <http://example.com/pets> .",),
        neighbours=(
            """:dog skos:inScheme :pets . :pets a skos:ConceptScheme ; dct:title "Pets"@en ;
            skos:hasTopConcept :animal ; dct:description "Animals of the house."@en ;
            dct:creator :us ; dct:created "2026-01-01"^^xsd:date ;
            dct:modified "2026-01-01"^^xsd:date ; dct:license <http://example.com/free> .""",
        ),
        implied=frozenset({"STR-6"}),
    ),
    Check(
        id="TYP-3",
        title=Words("Name that SKOS does not have", "Namn som inte finns i SKOS"),
        meaning=Words(
            "A property or class begins like those of SKOS, but SKOS has none of this name, or has"
            " given it up. It is often misspelt, and no program understands it.",
            "En egenskap eller klass börjar som de i SKOS, men SKOS har ingen med det namnet, eller"
            " har slopat den. Ofta är den felstavad, och inget program förstår den.",
        ),
        remedy=Words(
            "Use the name that SKOS has, for example skos:prefLabel.",
            "Använd det namn som SKOS har, till exempel skos:prefLabel.",
        ),
        source="qSKOS Undefined SKOS Resources",
        severity=Severity.VIOLATION,
        level=Level.BLOCK,
        find=Query(
            f"""{{ ?focus ?path ?value
                FILTER (STRSTARTS(STR(?path), STR(skos:)) && ?path NOT IN ({_KNOWN})) }}
            UNION {{ ?focus a ?value BIND(rdf:type AS ?path)
                FILTER (STRSTARTS(STR(?value), STR(skos:)) && ?value NOT IN ({_KNOWN})) }}""",
            clue=clues.names_other_than(str(SKOS), (SKOS[name] for name in _NAMES.split())),
        ),
        examples=(
            ':dog skos:prefLable "hound"@en .',
            ":dog a skos:CollectableProperty .",
            ":dog skos:subject :cat .",
        ),
        neighbours=(':dog skos:hiddenLabel "doge"@en .',),
    ),
    Check(
        id="TYP-4",
        title=Words("Address that is not on the web", "Adress som inte finns på webben"),
        meaning=Words(
            "A concept or vocabulary has no address that begins with http or https, so nobody can"
            " look it up or link to it.",
            "Ett begrepp eller en terminologi har ingen adress som börjar med http eller https, så"
            " ingen kan slå upp det eller länka till det.",
        ),
        remedy=Words("Give it an http address.", "Ge det en http-adress."),
        source="qSKOS HTTP URI Scheme Violation; Loterre URI/IRI",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query("""VALUES ?value { skos:Concept skos:ConceptScheme } ?focus a ?value
            FILTER (!REGEX(STR(?focus), "^https?://", "i")) BIND(rdf:type AS ?path)"""),
        examples=(
            """<urn:x:wolf> a skos:Concept ; skos:prefLabel "wolf"@en ; skos:inScheme : ;
            skos:broader :animal ; skos:definition "A wild dog."@en ;
            skos:exactMatch <http://other.example/wolf> .""",
        ),
        neighbours=(
            """:wolf a skos:Concept ; skos:prefLabel "wolf"@en ; skos:inScheme : ;
            skos:broader :animal ; skos:definition "A wild dog."@en ;
            skos:exactMatch <http://other.example/wolf> .""",
        ),
    ),
    Check(
        id="TYP-5",
        title=Words("Notation without a type", "Notation utan datatyp"),
        meaning=Words(
            "SKOS asks for a datatype of its own for each system of notations, so that codes of"
            " different systems are not taken for one another.",
            "SKOS vill ha en egen datatyp för varje notationssystem, så att koder från olika system"
            " inte förväxlas.",
        ),
        remedy=Words(
            "Give the notations a datatype when there are several systems.",
            "Ge notationerna en datatyp om det finns flera system.",
        ),
        source="SKOS Reference 6.5.1",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=Query("""?focus skos:notation ?value FILTER (isLiteral(?value)
                && (LANG(?value) != "" || DATATYPE(?value) = xsd:string))
            BIND(skos:notation AS ?path)"""),
        examples=(':dog skos:notation "D" .', ':dog skos:notation "D"@en .'),
        neighbours=(':dog skos:notation "D"^^<http://example.com/code> .',),
    ),
)
