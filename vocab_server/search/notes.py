"""Definitions and notes: by which words a concept is found in them, and which passage shows why.

The index holds the words only; a passage is read from the store for what is shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import product

from rdflib import URIRef

from vocab_server.rdf.languages import Label
from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import bind
from vocab_server.search.text import folded, plain, stem_in, stems
from vocab_server.skos.labels import to_label
from vocab_server.store.base import Reader

SEARCHED = ("definition", "scopeNote", "example", "note")
LONGEST = 10_000  # characters of a note that are searched
PASSAGE = 160  # characters that are shown of a note
_BEFORE = 40  # characters of a passage before the first word that was found
# In pairs: of many concepts and some properties apart, the store reads all that has the properties.
_NOTES = """SELECT ?concept ?property ?note WHERE { VALUES (?concept ?property) { $pairs }
    GRAPH $graph { ?concept ?property ?note FILTER (isLITERAL(?note)) } }"""

Passage = tuple[str, Label]  # the local name of the property, and a part of its text


def note_words(notes: Iterable[tuple[str, str]]) -> list[str]:
    """What a concept is found by in its notes, given as language and text; in order."""
    found: set[str] = set()
    for language, text in notes:
        bare = folded(plain(text[:LONGEST]))
        found.update(bare.split(), note_stems(bare, language) if language else ())
    return sorted(found)


def note_stems(bare: str, language: str) -> list[str]:
    """The words of a text without marks, without their endings, as words of its language."""
    main = language.lower().partition("-")[0]
    return [stem_in(main, base) for base in stems(bare, main) or bare.split()]


def passages(
    store: Reader, graph: URIRef, concepts: Sequence[URIRef], typed: str, languages: Sequence[str]
) -> dict[URIRef, Passage]:
    """For each concept the part of a note that says most of what was typed; one query for all.

    Among equally good notes one in the first of the languages.
    """
    wanted = folded(plain(typed)).split()
    places = {tag.lower(): place for place, tag in reversed([*enumerate(languages)])}
    pairs = list(product(concepts, (SKOS[name] for name in SEARCHED)))
    rows = store.select(bind(_NOTES, graph=graph, pairs=pairs))
    notes: dict[URIRef, list[Passage]] = defaultdict(list)
    for row in rows:
        name = URIRef(row["property"]).removeprefix(str(SKOS))
        notes[URIRef(row["concept"])].append((name, to_label(row["note"])))

    def place(found: Passage) -> tuple[int, int, int, str]:
        name, note = found
        spoken = places.get(note.language.lower(), len(places))
        return -_said(note, wanted), spoken, SEARCHED.index(name), note.text

    best = {concept: min(found, key=place) for concept, found in notes.items()}
    return {iri: (name, _part(note, wanted)) for iri, (name, note) in best.items()}


def _said(note: Label, wanted: Sequence[str]) -> int:
    """How many of the words a note has, be it with other endings."""
    bare = folded(plain(note.text[:LONGEST]))
    words = {*bare.split(), *note_stems(bare, note.language)}
    return sum(not words.isdisjoint((word, *note_stems(word, note.language))) for word in wanted)


def _part(note: Label, wanted: Sequence[str]) -> Label:
    """A note cut around the first word that begins like one of those wanted."""
    text = " ".join(note.text.split())
    if len(text) <= PASSAGE:
        return Label(text, note.language)
    bare, begun = folded(text.casefold()), [word[:4] for word in wanted]
    found = min((at for word in begun if (at := bare.find(word)) >= 0), default=0)
    start = text.rfind(" ", 0, max(0, found - _BEFORE)) + 1
    part = text[start : start + PASSAGE].rpartition(" ")[0] or text[start : start + PASSAGE]
    return Label(f"{'… ' if start else ''}{part} …", note.language)
