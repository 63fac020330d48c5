"""Documentation of concepts, and what a vocabulary says of itself."""

from vocab_server.quality import clues
from vocab_server.quality.check import Check, Level, Query, Severity, Words
from vocab_server.rdf.namespaces import RDFS, SKOS

_NOTES = "note changeNote definition editorialNote example historyNote scopeNote"
_NOTE_PATHS = [SKOS[name] for name in _NOTES.split()]
_NONE = " ".join(f"FILTER NOT EXISTS {{ ?focus skos:{name} ?{name} }}" for name in _NOTES.split())
_FREE = "dct:license <http://example.com/free>"
_WOLF = """:wolf a skos:Concept ; skos:inScheme : ; skos:broader :animal ;
    skos:prefLabel "wolf"@en ; skos:exactMatch <http://other.example/wolf> """
_PETS = """:pets a skos:ConceptScheme ; dct:title "Pets"@en ; skos:hasTopConcept :animal ;
    dct:creator :us ; dct:created "2026-01-01"^^xsd:date ; dct:modified "2026-01-01"^^xsd:date ;"""

# What a vocabulary should say of itself: one property of each row.
_ABOUT = (
    ("dct:description", "skos:definition", "rdfs:comment", "skos:scopeNote"),
    ("dct:creator", "dct:publisher", "<http://purl.org/dc/elements/1.1/creator>", "dct:source"),
    ("dct:created", "dct:issued"),
    ("dct:modified", "owl:versionInfo"),
    ("dct:license", "dct:rights", "<http://creativecommons.org/ns#license>"),
)
_LACKS = " UNION ".join(
    "{ ?focus a skos:ConceptScheme "
    + " ".join(f"FILTER NOT EXISTS {{ ?focus {name} ?found }}" for name in row)
    + f" BIND({row[0]} AS ?path) }}"
    for row in _ABOUT
)

CHECKS = (
    Check(
        id="DOC-1",
        title=Words("Without any explanation", "Utan någon förklaring"),
        meaning=Words(
            "A concept has no definition and no note of any kind: what it covers can only be"
            " guessed from its name.",
            "Ett begrepp har varken definition eller någon anmärkning: vad det omfattar kan bara"
            " gissas av namnet.",
        ),
        remedy=Words(
            "Say what belongs to it and what does not.", "Skriv vad som hör dit och inte."
        ),
        source="qSKOS Undocumented Concepts",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=Query(
            f"""?focus a skos:Concept {_NONE}
            FILTER NOT EXISTS {{ ?focus owl:deprecated true }}
            BIND(skos:definition AS ?path) BIND(?focus AS ?value)""",
            clue=clues.without(*_NOTE_PATHS),
        ),
        examples=(f"{_WOLF}.",),
        neighbours=(f'{_WOLF}; skos:scopeNote "Wild dogs."@en .',),
        implied=frozenset({"DOC-2"}),
    ),
    Check(
        id="DOC-2",
        title=Words("Without a definition", "Utan definition"),
        meaning=Words(
            "A concept has no definition. Notes may explain it, but programs that show definitions"
            " have none to show.",
            "Ett begrepp saknar definition. Anmärkningar kan förklara det, men program som visar"
            " definitioner har ingen att visa.",
        ),
        remedy=Words("Write a definition.", "Skriv en definition."),
        source="VocPub 2.2.01; VocBench ICV, no definition",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=Query(
            """?focus a skos:Concept FILTER NOT EXISTS { ?focus skos:definition ?text }
            FILTER NOT EXISTS { ?focus owl:deprecated true }
            BIND(skos:definition AS ?path) BIND(?focus AS ?value)""",
            clue=clues.without(SKOS.definition),
        ),
        examples=(f'{_WOLF}; skos:scopeNote "Wild dogs."@en .',),
        neighbours=(f'{_WOLF}; skos:definition "A wild dog."@en .',),
    ),
    Check(
        id="DOC-3",
        title=Words("Several definitions in one language", "Flera definitioner på ett språk"),
        meaning=Words(
            "A concept has more than one definition in the same language. Readers do not know which"
            " one holds.",
            "Ett begrepp har mer än en definition på samma språk. Läsaren vet inte vilken som"
            " gäller.",
        ),
        remedy=Words(
            "Keep one; make the others notes.", "Behåll en; gör de andra till anmärkningar."
        ),
        source="VocPub 2.1.04; W3C SKOS validating data 2.3",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query(
            """{ SELECT ?focus ?tag (MIN(STR(?text)) AS ?first) {
                ?focus skos:definition ?text FILTER (isLiteral(?text)) BIND(LANG(?text) AS ?tag) }
                GROUP BY ?focus ?tag HAVING (COUNT(DISTINCT ?text) > 1) }
            ?focus skos:definition ?value FILTER (LANG(?value) = ?tag && STR(?value) > ?first)
            BIND(skos:definition AS ?path)""",
            clue=clues.has_any(SKOS.definition),
        ),
        examples=(':dog skos:definition "An animal that barks."@en .',),
        neighbours=(':dog skos:definition "An animal that barks."@en-gb .',),
    ),
    Check(
        id="DOC-4",
        title=Words(
            "Vocabulary that says too little of itself",
            "Terminologi som säger för lite om sig själv",
        ),
        meaning=Words(
            "A vocabulary should say what it is about, who made it, when, when it changed and under"
            " what licence it may be used. Without that nobody can rely on it.",
            "En terminologi bör ange vad den handlar om, vem som gjort den, när, när den"
            " ändrades och"
            " under vilken licens den får användas. Utan det kan ingen lita på den.",
        ),
        remedy=Words("Add the property.", "Lägg till egenskapen."),
        source="VocPub 2.1.04 to 2.1.07; DCAT-AP, Concept Scheme",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query(f"{_LACKS} BIND(?path AS ?value)"),
        examples=(f'{_PETS} dct:description "Animals."@en .', f"{_PETS} {_FREE} ."),
        neighbours=(f'{_PETS} dct:description "Animals."@en ; {_FREE} .',),
    ),
    Check(
        id="DOC-5",
        title=Words("Said to be defined elsewhere", "Sägs vara definierat på annat håll"),
        meaning=Words(
            "A concept names one vocabulary as the one that defines it, and is in another.",
            "Ett begrepp anger en terminologi som den som definierar det och ingår i en annan.",
        ),
        remedy=Words(
            "Make rdfs:isDefinedBy and skos:inScheme agree.",
            "Låt rdfs:isDefinedBy och skos:inScheme stämma överens.",
        ),
        source="VocPub 2.2.03 and 2.3.02",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query(
            """?focus a skos:Concept ; rdfs:isDefinedBy ?value ; skos:inScheme ?scheme .
            ?value a skos:ConceptScheme FILTER NOT EXISTS { ?focus skos:inScheme ?value }
            BIND(rdfs:isDefinedBy AS ?path)""",
            clue=clues.has_any(RDFS.isDefinedBy),
        ),
        examples=(
            f'{_PETS} dct:description "Animals."@en ; {_FREE} . :dog rdfs:isDefinedBy :pets .',
        ),
        neighbours=(":dog rdfs:isDefinedBy : .",),
    ),
)
