"""Vocabularies of any size to measure with, the same at every call."""

from collections.abc import Iterator
from pathlib import Path

from vocab_server.rdf.namespaces import RDF, SKOS

BRANCHING = 20  # narrower concepts of each concept
TRIPLES = 15  # of each concept
DIGITS = 4  # syllables that say which label it is: 16^4 different ones, then they are numbered

_SPOKEN = {
    "en": "wa ter land ing for est mo ther gra ve li ght stone by ship ment",
    "sv": "va tten skö te ål drag mil jö å ker fö da tors kung els hav",
    "fi": "ve si maa ilma kä rä töi den puu ha lä hde tie to kar tta",
    "de": "was ser land schaft grün ßen über wald stra ße mög lich keit tum haus bau",
    "fr": "eau for êt rou te é cole ment vil le mé tier gar de çon ain",
}
_SYLLABLES = {language: spoken.split() for language, spoken in _SPOKEN.items()}
_SPREAD = 40_503  # odd, so that concepts next to each other have labels far apart


def write_vocabulary(target: Path, base: str, vocabulary: str, concepts: int) -> None:
    """Write N-Triples with this many concepts, TRIPLES for each, in a tree under one concept.

    Their IRIs are those that ``vocabulary`` mints at the address ``base``, with a number at the
    end: see ``concept_iri``. Labels are in five languages.
    """
    with target.open("w", encoding="utf-8", newline="\n") as file:
        scheme = f"{base}/id/{vocabulary}"
        file.write(f"<{scheme}> <{RDF.type}> <{SKOS.ConceptScheme}> .\n")
        for number in range(concepts):
            file.writelines(_statements(base, vocabulary, scheme, number))


def concept_iri(base: str, vocabulary: str, number: int) -> str:
    """The IRI of a generated concept; those with small numbers have narrower ones."""
    return f"{base}/id/{vocabulary}/{number}"


def _statements(base: str, vocabulary: str, scheme: str, number: int) -> Iterator[str]:
    concept = f"<{concept_iri(base, vocabulary, number)}>"
    yield f"{concept} <{RDF.type}> <{SKOS.Concept}> .\n"
    if number:
        broader = concept_iri(base, vocabulary, (number - 1) // BRANCHING)
        yield f"{concept} <{SKOS.broader}> <{broader}> .\n"
        yield f"{concept} <{SKOS.inScheme}> <{scheme}> .\n"
    else:
        yield f"{concept} <{SKOS.topConceptOf}> <{scheme}> .\n"
    for language in _SYLLABLES:
        preferred, alternative = _label(language, 2 * number), _label(language, 2 * number + 1)
        yield f'{concept} <{SKOS.prefLabel}> "{preferred}"@{language} .\n'
        yield f'{concept} <{SKOS.altLabel}> "{alternative}"@{language} .\n'
    yield f'{concept} <{SKOS.notation}> "{number}" .\n'
    yield f'{concept} <{SKOS.definition}> "What {_label("en", 2 * number)} means."@en .\n'


def _label(language: str, number: int) -> str:
    """A text of two words that looks like the language's; another one for each number."""
    syllables = _SYLLABLES[language]
    count = len(syllables) ** DIGITS
    place, round_ = number * _SPREAD % count, number // count
    spoken = []
    for _ in range(DIGITS):
        place, digit = divmod(place, len(syllables))
        spoken.append(syllables[digit])
    text = f"{''.join(spoken[:2])} {''.join(spoken[2:])}"
    return f"{text} {round_}" if round_ else text
