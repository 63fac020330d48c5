"""What a file of SKOS holds, and what a curator should know about it before it goes in."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from vocab_server.rdf.namespaces import DCT, RDF, RDFS, SKOS, SKOSXL
from vocab_server.rdf.ntriples import read_literal

_TYPE = f"<{RDF.type}>".encode()
_SCHEME = f"<{SKOS.ConceptScheme}> .".encode()
_CONCEPT = f"<{SKOS.Concept}> .".encode()
_TITLES = {f"<{iri}>".encode() for iri in (DCT.title, SKOS.prefLabel, RDFS.label)}
_LABELS = {f"<{iri}>".encode() for iri in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)}
_SPACES = (f"<{SKOS}".encode(), f"<{SKOSXL}".encode())
_BROADER, _NARROWER = f"<{SKOS.broader}>".encode(), f"<{SKOS.narrower}>".encode()
_IN_SCHEME, _LITERAL_FORM = f"<{SKOS.inScheme}>".encode(), f"<{SKOSXL.literalForm}>".encode()
_LANGUAGE_ORDER = ("en", "sv", "")


@dataclass(frozen=True, slots=True)
class Found:
    """Counts of what a file holds; ``remarks`` say in words what is unusual in it."""

    concepts: int
    schemes: int
    languages: tuple[str, ...]
    title: str
    has_skos: bool
    remarks: tuple[str, ...]


def examine(blocks: Iterable[bytes]) -> Found:
    """What lines of N-Triples hold. Nothing is changed: the remarks tell how it is understood."""
    predicates: Counter[bytes] = Counter()
    tags: Counter[bytes] = Counter()
    concepts = 0
    schemes: set[bytes] = set()
    titles: dict[bytes, list[bytes]] = {}
    for block in blocks:
        for line in block.splitlines():
            subject, predicate, rest = line.split(b" ", 2)
            predicates[predicate] += 1
            if predicate in _LABELS or predicate == _LITERAL_FORM:
                tags[_tag(rest)] += 1
            elif predicate == _TYPE:
                concepts += rest == _CONCEPT
                if rest == _SCHEME:
                    schemes.add(subject)
            if predicate in _TITLES and len(titles) < 100_000:
                titles.setdefault(subject, []).append(rest)
    languages = Counter({tag.decode(): times for tag, times in tags.items()})
    has_skos = any(p.startswith(_SPACES) for p in predicates) or bool(concepts or schemes)
    return Found(
        concepts=concepts,
        schemes=len(schemes),
        languages=tuple(tag for tag, _ in languages.most_common() if tag),
        title=_title([value for scheme in sorted(schemes) for value in titles.get(scheme, ())]),
        has_skos=has_skos,
        remarks=tuple(_remarks(predicates, languages, concepts, len(schemes))),
    )


def _remarks(
    predicates: Counter[bytes], languages: Counter[str], concepts: int, schemes: int
) -> Iterable[str]:
    follows = "follows from it (SKOS Reference S25)."
    remarks = (
        (not concepts, "Nothing is typed skos:Concept; what has SKOS properties is shown as one."),
        (not schemes, "There is no skos:ConceptScheme; the vocabulary is shown as one list."),
        (schemes > 1, f"There are {schemes} concept schemes; all are kept in one vocabulary."),
        (languages[""], f"{languages['']} labels have no language."),
        (
            predicates[_LITERAL_FORM],
            f"{predicates[_LITERAL_FORM]} SKOS-XL labels; they are kept, and shown as labels.",
        ),
        (
            predicates[_BROADER] and not predicates[_NARROWER],
            f"Only skos:broader is stated; skos:narrower {follows}",
        ),
        (
            predicates[_NARROWER] and not predicates[_BROADER],
            f"Only skos:narrower is stated; skos:broader {follows}",
        ),
        (not predicates[_IN_SCHEME], "Nothing says which scheme it is in (skos:inScheme)."),
    )
    return (text for holds, text in remarks if holds)


def _tag(rest: bytes) -> bytes:
    """The language tag of what ends a line, b"" when it has none."""
    end = rest.rpartition(b'"')[2]
    return end[1:-2] if end.startswith(b"@") else b""


def _title(values: Iterable[bytes]) -> str:
    """A title for the list of vocabularies: in English, Swedish, no language, or any."""
    found = [read_literal(v[:-2].decode()) for v in values if v.startswith(b'"')]
    places = {tag: place for place, tag in enumerate(_LANGUAGE_ORDER)}
    ordered = sorted(found, key=lambda title: (places.get(title[0], len(places)), title))
    return ordered[0][1] if ordered else ""
