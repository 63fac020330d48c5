"""Terms in a language: there, clean, and told apart from others."""

from collections.abc import Iterator
from itertools import chain
from unicodedata import is_normalized

from rdflib import Literal

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
from vocab_server.quality.languages import in_fewer_languages, no_common_language
from vocab_server.quality.same_names import (
    UNTAGGED,
    same_in_any_case,
    same_preferred,
    tag_of,
)
from vocab_server.quality.texts import composed, printable, tidy
from vocab_server.rdf.languages import known_languages
from vocab_server.rdf.namespaces import OWL, SKOS, SKOSXL
from vocab_server.rdf.query import bind

_KINDS = "VALUES ?path { skos:prefLabel skos:altLabel skos:hiddenLabel } ?focus ?path ?value"
_NOTE_KINDS = "definition note scopeNote example changeNote editorialNote historyNote"
_NOTES = f"""CONSTRUCT {{ ?focus ?path ?value }} WHERE {{ GRAPH $graph {{
    VALUES ?path {{ {" ".join(f"skos:{name}" for name in _NOTE_KINDS.split())} }}
    ?focus ?path ?value FILTER (isLiteral(?value)) }} }}"""
_LABELS = frozenset({SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel})
_NOTE_PATHS = frozenset(SKOS[name] for name in _NOTE_KINDS.split())
_TEXTS = _LABELS | _NOTE_PATHS
_NAMED_BY = frozenset({SKOS.prefLabel, SKOSXL.prefLabel, SKOSXL.literalForm, OWL.deprecated})
_MISSING = """CONSTRUCT { ?focus ?path ?value } WHERE { GRAPH $graph { ?focus a skos:Concept
    FILTER NOT EXISTS { ?focus owl:deprecated true }
    FILTER NOT EXISTS { ?focus skos:prefLabel ?label FILTER (LANG(?label) = $language) }
    FILTER NOT EXISTS { ?focus skosxl:prefLabel/skosxl:literalForm ?form
        FILTER (LANG(?form) = $language) }
    BIND($path AS ?path) BIND($language AS ?value) } }"""


def _tag_faults(material: Material) -> Iterator[bytes]:
    """Texts without a language, or in one that nobody knows."""
    notes = (
        material.part.lines(_NOTE_PATHS)
        if material.part
        else material.store.lines(bind(_NOTES, graph=material.graph))
    )
    faulty: dict[bytes, bool] = {}
    for line in chain(material.labels, notes):
        end = tag_of(line)
        if end not in faulty:
            tag = end.decode().removeprefix("@").removesuffix(" .")
            faulty[end] = end == UNTAGGED or (
                end.startswith(b"@") and tag.partition("-")[0] not in known_languages()
            )
        if faulty[end]:
            yield line


def _missing_languages(material: Material) -> Iterator[bytes]:
    for tag in sorted(material.languages):
        language = Literal(tag)
        query = bind(_MISSING, graph=material.graph, language=language, path=SKOS.prefLabel)
        yield from material.store.lines(query)


def _decomposed(material: Material) -> Lines:
    for line in material.labels:
        if not line.isascii() and not is_normalized("NFC", line.decode()):
            yield line


_WOLF = """:wolf a skos:Concept ; skos:inScheme : ; skos:broader :animal ;
    skos:definition "A wild dog."@en ; skos:exactMatch <http://other.example/wolf> """

CHECKS = (
    Check(
        id="LAB-1",
        title=Words("Without a preferred term", "Utan föredragen term"),
        meaning=Words(
            "A concept has no preferred term, or a vocabulary no title, in any language: pages and"
            " programs can only show its address.",
            "Ett begrepp saknar föredragen term, eller en terminologi titel, på alla språk:"
            " sidor och"
            " program kan bara visa adressen.",
        ),
        remedy=Words("Give it a name.", "Ge det ett namn."),
        source="qSKOS Missing Labels; VocPub 2.1.04 and 2.2.01",
        severity=Severity.VIOLATION,
        level=Level.BLOCK,
        find=Query(
            """{ ?focus a skos:Concept FILTER NOT EXISTS { ?focus skos:prefLabel ?label }
                FILTER NOT EXISTS { ?focus skosxl:prefLabel ?form } BIND(skos:prefLabel AS ?path) }
            UNION { ?focus a skos:ConceptScheme
                FILTER NOT EXISTS { ?focus skos:prefLabel ?label }
                FILTER NOT EXISTS { ?focus skosxl:prefLabel ?form }
                FILTER NOT EXISTS { ?focus dct:title ?label }
                FILTER NOT EXISTS { ?focus rdfs:label ?label }
                FILTER NOT EXISTS { ?focus <http://purl.org/dc/elements/1.1/title> ?label }
                BIND(dct:title AS ?path) }
            BIND(?focus AS ?value)""",
            clue=clues.without_name,
        ),
        examples=(f"{_WOLF}.",),
        neighbours=(f'{_WOLF}; skos:prefLabel "wolf"@en .',),
        implied=frozenset({"LAB-2", "LAB-10", "LAB-11"}),
    ),
    Check(
        id="LAB-2",
        title=Words(
            "Without a term in a language it must have", "Utan term på ett språk som krävs"
        ),
        meaning=Words(
            "The vocabulary is set to have a preferred term for every concept in this language.",
            "Terminologin är inställd på att varje begrepp ska ha en föredragen term på det här"
            " språket.",
        ),
        remedy=Words(
            "Add a preferred term in the language.", "Lägg till en föredragen term på språket."
        ),
        source="VocBench ICV, no mandatory label; settings of the vocabulary",
        severity=Severity.VIOLATION,
        level=Level.BLOCK,
        find=Routine(_missing_languages, _NAMED_BY),
        examples=(f'{_WOLF}; skos:prefLabel "varg"@sv .',),
        neighbours=(f'{_WOLF}; skos:prefLabel "wolf"@en .',),
        implied=frozenset({"LAB-10", "LAB-11"}),
    ),
    Check(
        id="LAB-3",
        title=Words(
            "Alternative term without a preferred one", "Alternativ term utan en föredragen"
        ),
        meaning=Words(
            "There is an alternative or hidden term in a language that has no preferred term:"
            " readers of that language find the concept, but see it under a foreign name.",
            "Det finns en alternativ eller dold term på ett språk som saknar föredragen term: den"
            " som läser språket hittar begreppet men ser det under ett främmande namn.",
        ),
        remedy=Words(
            "Make it the preferred term of the language, or add one.",
            "Gör den till föredragen term på språket, eller lägg till en.",
        ),
        source="SKOS Reference 5.6.4; VocBench ICV, only alternative label",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query(
            """VALUES ?path { skos:altLabel skos:hiddenLabel } ?focus ?path ?value
            FILTER (isLiteral(?value) && LANG(?value) != "")
            FILTER NOT EXISTS { ?focus skos:prefLabel ?name FILTER (LANG(?name) = LANG(?value)) }
            FILTER NOT EXISTS { ?focus skosxl:prefLabel/skosxl:literalForm ?form
                FILTER (LANG(?form) = LANG(?value)) }""",
            clue=clues.unnamed_language,
        ),
        examples=(':dog skos:altLabel "hund"@sv .',),
        neighbours=(':dog skos:altLabel "hound"@en .',),
    ),
    Check(
        id="LAB-4",
        title=Words("Language missing or unknown", "Språk saknas eller är okänt"),
        meaning=Words(
            "A text does not say in which language it is, or names one that nobody knows. It is not"
            " found and not shown to those who read that language.",
            "En text anger inte vilket språk den är på, eller anger ett som ingen känner till. Den"
            " hittas inte och visas inte för dem som läser språket.",
        ),
        remedy=Words("Give the text its language.", "Ange textens språk."),
        source="qSKOS Omitted or Invalid Language Tags; RFC 5646",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Routine(_tag_faults, _TEXTS),
        examples=(':dog skos:altLabel "hound" .', ':dog skos:definition "Haustier."@qqq .'),
        neighbours=(':dog skos:altLabel "hound"@en-GB .', ':dog skos:hiddenLabel "doggo"@eng .'),
        implied=frozenset({"LAB-3", "DOC-3"}),
    ),
    Check(
        id="LAB-5",
        title=Words("Empty term", "Tom term"),
        meaning=Words(
            "A term or title has no text, or only spaces. Lists show an empty line.",
            "En term eller titel saknar text, eller har bara mellanslag. Listor visar en tom rad.",
        ),
        remedy=Words("Remove it.", "Ta bort den."),
        source="qSKOS Empty Labels; Loterre E-0",
        severity=Severity.VIOLATION,
        level=Level.BLOCK,
        find=Query(
            """VALUES ?path { skos:prefLabel skos:altLabel skos:hiddenLabel rdfs:label
                dct:title <http://purl.org/dc/elements/1.1/title> } ?focus ?path ?value
            FILTER (isLiteral(?value) && !REGEX(STR(?value), "\\\\S"))""",
            clue=clues.empty,
        ),
        examples=(':dog skos:altLabel ""@en .', ':dog skos:altLabel " "@en .'),
        neighbours=(':dog skos:altLabel "?"@en .',),
        repair=Repair.REMOVE,
        implied=frozenset({"LAB-6"}),
    ),
    Check(
        id="LAB-6",
        title=Words("Surplus spaces", "Överflödiga mellanslag"),
        meaning=Words(
            "A term begins or ends with a space, or has two in a row: it is not the same as the"
            " term without them, and is sorted elsewhere.",
            "En term börjar eller slutar med ett mellanslag eller har två i rad: den är inte samma"
            " som termen utan dem och sorteras på ett annat ställe.",
        ),
        remedy=Words("Remove the surplus spaces.", "Ta bort de överflödiga mellanslagen."),
        source="VocBench ICV, extra whitespace; Skosify",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query(
            f"""{_KINDS} FILTER (isLiteral(?value)
            && REGEX(STR(?value), "^\\\\s|\\\\s$$|\\\\s\\\\s"))""",
            clue=clues.untidy,
        ),
        examples=(
            ':dog skos:altLabel "hound "@en .',
            ':dog skos:altLabel "guide  dog"@en .',
        ),
        neighbours=(':dog skos:altLabel "guide dog"@en .',),
        repair=Repair.REWRITE,
        rewrite=tidy,
        implied=frozenset({"LAB-7"}),
    ),
    Check(
        id="LAB-7",
        title=Words("Characters that cannot be seen", "Tecken som inte syns"),
        meaning=Words(
            "A term holds control characters or other signs that nobody sees. Two terms that look"
            " the same then differ, and searches miss them.",
            "En term innehåller styrtecken eller andra tecken som ingen ser. Två termer som ser"
            " likadana ut skiljer sig då åt, och sökningar missar dem.",
        ),
        remedy=Words("Remove these characters.", "Ta bort de tecknen."),
        source="qSKOS Unprintable Characters in Labels",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Query(
            f"""{_KINDS} FILTER (isLiteral(?value)
            && REGEX(STR(?value), "[\\\\p{{C}}--[\\\\x{{200C}}\\\\x{{200D}}]]"))""",
            clue=clues.unprintable,
        ),
        examples=(
            ':dog skos:altLabel "gu\u00adide dog"@en .',
            ':dog skos:altLabel "do\\u0007g"@en .',
        ),
        neighbours=(':dog skos:altLabel "h\u200cound"@en .',),
        repair=Repair.REWRITE,
        rewrite=printable,
    ),
    Check(
        id="LAB-8",
        title=Words(
            "Preferred term that another concept has", "Föredragen term som ett annat begrepp har"
        ),
        meaning=Words(
            "Two concepts of the vocabulary have the same preferred term in the same language."
            " Nobody who chooses one from a list knows which it is.",
            "Två begrepp i terminologin har samma föredragna term på samma språk. Den som väljer ur"
            " en lista vet inte vilket det är.",
        ),
        remedy=Words(
            "Add what tells them apart, for example in brackets: Mercury (planet).",
            "Lägg till det som skiljer dem åt, till exempel inom parentes: Merkurius (planet).",
        ),
        source="SKOS Primer 2.2.1; qSKOS; VocBench ICV, conflictual label; skohub",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Routine(same_preferred, frozenset({SKOS.prefLabel, SKOS.inScheme, OWL.deprecated})),
        examples=(f'{_WOLF}; skos:prefLabel "dog"@en .',),
        neighbours=(
            f'{_WOLF}; skos:prefLabel "dog (wild)"@en .',
            f'{_WOLF}; owl:deprecated true ; skos:prefLabel "dog"@en .',
        ),
        implied=frozenset({"LAB-9"}),
    ),
    Check(
        id="LAB-9",
        title=Words("Term that another concept has too", "Term som även ett annat begrepp har"),
        meaning=Words(
            "A term of any kind is also a term of another concept in the same language, when upper"
            " and lower case count as the same. Searches find both.",
            "En term av något slag är också en term för ett annat begrepp på samma språk, när"
            " versaler och gemener räknas som lika. Sökningar hittar båda.",
        ),
        remedy=Words(
            "See whether both concepts need it, or are one.",
            "Se efter om båda begreppen behöver den, eller om de är ett och samma.",
        ),
        source="qSKOS Overlapping Labels; PoolParty",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=same_in_any_case,
        examples=(f'{_WOLF}; skos:prefLabel "wolf"@en ; skos:altLabel "Dog"@en .',),
        neighbours=(f'{_WOLF}; skos:prefLabel "wolf"@en ; skos:altLabel "wild dog"@en .',),
        needs_all=True,
    ),
    Check(
        id="LAB-10",
        title=Words("Not in all languages", "Inte på alla språk"),
        meaning=Words(
            "The concept has no preferred term in some language that others have.",
            "Begreppet saknar föredragen term på något språk som andra begrepp har.",
        ),
        remedy=Words(
            "Add preferred terms in the missing languages.",
            "Lägg till föredragna termer på de språk som saknas.",
        ),
        source="qSKOS Incomplete Language Coverage",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=in_fewer_languages,
        examples=(':cat skos:prefLabel "katt"@sv .',),
        neighbours=(':cat skos:altLabel "moggy"@en .',),
        needs_all=True,
    ),
    Check(
        id="LAB-11",
        title=Words("No language for all", "Inget språk för alla"),
        meaning=Words(
            "There is no language in which every concept has a preferred term: no reader sees the"
            " whole vocabulary in one language.",
            "Det finns inget språk där varje begrepp har en föredragen term: ingen läsare ser hela"
            " terminologin på ett språk.",
        ),
        remedy=Words(
            "Choose one language and complete it.", "Välj ett språk och gör det fullständigt."
        ),
        source="qSKOS No Common Languages",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=no_common_language,
        examples=(f'{_WOLF}; skos:prefLabel "varg"@sv .',),
        neighbours=(':cat skos:prefLabel "katt"@sv .',),
        implied=frozenset({"LAB-2", "LAB-10"}),
        needs_all=True,
    ),
    Check(
        id="LAB-12",
        title=Words("Odd form of a preferred term", "Ovanlig form på föredragen term"),
        meaning=Words(
            "A preferred term begins with an article, or holds signs that a term seldom has. A"
            " thesaurus lists nouns as one would look them up.",
            "En föredragen term börjar med en artikel eller har tecken som en term sällan har. En"
            " tesaurus listar substantiv så som man slår upp dem.",
        ),
        remedy=Words(
            "Write it as one would look it up.", "Skriv den så som man skulle slå upp den."
        ),
        source="ISO 25964-1, form of terms, as in IAAA thesaurusQualityAnalysis C1 and C2",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=Query(
            """?focus skos:prefLabel ?value FILTER (isLiteral(?value)
            && (REGEX(STR(?value), "[<>{}|#*_~^=\\\\[\\\\]]")
                || (STRSTARTS(LANG(?value), "en") && REGEX(STR(?value), "^(the|a|an) ", "i"))
                || (STRSTARTS(LANG(?value), "de") && REGEX(STR(?value), "^(der|die|das) ", "i"))))
            BIND(skos:prefLabel AS ?path)""",
            clue=clues.odd_form,
        ),
        examples=(
            f'{_WOLF}; skos:prefLabel "the wolf"@en .',
            f'{_WOLF}; skos:prefLabel "wolf*"@en .',
        ),
        neighbours=(f'{_WOLF}; skos:prefLabel "there be wolves"@en .',),
    ),
    Check(
        id="LAB-13",
        title=Words("Letters in pieces", "Bokstäver i delar"),
        meaning=Words(
            "A term is written with separate accents (é as e and ´). It looks the same as the usual"
            " way to write it, but programs take it for another term.",
            "En term är skriven med lösa accenter (é som e och ´). Den ser ut som när den skrivs på"
            " vanligt sätt, men program tar den för en annan term.",
        ),
        remedy=Words(
            "Write it in Unicode normalization form C.", "Skriv den i Unicodes normalform C."
        ),
        source="Unicode Standard Annex 15; W3C Character Model",
        severity=Severity.WARNING,
        level=Level.REPORT,
        find=Routine(_decomposed, _LABELS),
        examples=(':dog skos:altLabel "fide\u0301le"@en .',),
        neighbours=(':dog skos:altLabel "fid\u00e9le"@en .',),
        repair=Repair.REWRITE,
        rewrite=composed,
    ),
)
