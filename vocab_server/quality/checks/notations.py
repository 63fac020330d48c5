"""Notations: codes that lead to one concept each."""

from vocab_server.quality import clues
from vocab_server.quality.check import Check, Level, Query, Severity, Words
from vocab_server.rdf.namespaces import SKOS

CHECKS = (
    Check(
        id="NOT-1",
        title=Words("Notation that another concept has", "Notation som ett annat begrepp har"),
        meaning=Words(
            "Two concepts of the vocabulary have the same notation, so the code leads to no one"
            " concept.",
            "Två begrepp i terminologin har samma notation, så koden leder inte till ett enda"
            " begrepp.",
        ),
        remedy=Words("Give one of them another notation.", "Ge ett av dem en annan notation."),
        source="SKOS Reference 6.5.3; qSKOS Ambiguous Notation References",
        severity=Severity.VIOLATION,
        level=Level.ENFORCE,
        find=Query(
            """{ SELECT ?value ?scheme {
                ?focus skos:notation ?value ; skos:inScheme ?scheme }
                GROUP BY ?value ?scheme HAVING (COUNT(DISTINCT ?focus) > 1) }
            ?focus skos:notation ?value ; skos:inScheme ?scheme BIND(skos:notation AS ?path)""",
            clue=clues.has_any(SKOS.notation),
        ),
        examples=(
            ':dog skos:notation "1"^^<http://example.com/code> .'
            ' :cat skos:notation "1"^^<http://example.com/code> .',
        ),
        neighbours=(
            ':dog skos:notation "1"^^<http://example.com/code> .'
            ' :cat skos:notation "2"^^<http://example.com/code> .',
        ),
    ),
    Check(
        id="NOT-2",
        title=Words("Several notations of one kind", "Flera notationer av samma slag"),
        meaning=Words(
            "A concept has more than one notation of the same type, which is unusual: it may be a"
            " left-over.",
            "Ett begrepp har mer än en notation av samma typ, vilket är ovanligt: det kan vara en"
            " rest.",
        ),
        remedy=Words("See whether all are in use.", "Se efter om alla används."),
        source="SKOS Reference 6.5.2",
        severity=Severity.INFORMATION,
        level=Level.REPORT,
        find=Query(
            """?focus skos:notation ?value, ?other
            FILTER (DATATYPE(?value) = DATATYPE(?other) && STR(?value) > STR(?other))
            BIND(skos:notation AS ?path)""",
            clue=clues.has_any(SKOS.notation),
        ),
        examples=(
            ':dog skos:notation "1"^^<http://example.com/code>, "2"^^<http://example.com/code> .',
        ),
        neighbours=(
            ':dog skos:notation "1"^^<http://example.com/code>, "2"^^<http://example.com/old> .',
        ),
    ),
)
