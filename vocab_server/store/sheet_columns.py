"""Which columns a sheet has, in which order, and what is said of each to who fills it in."""

from collections.abc import Collection, Iterable

from vocab_server.rdf.prefixes import PREFIXES
from vocab_server.rdf.table import (
    BOOLEAN,
    DEPRECATED,
    IRI,
    PLAIN,
    REPLACED_BY,
    SKOS,
    TYPE,
    Column,
)

# In the order of the columns; with what a curator does in each, in Swedish and in English.
EXPLAINED: dict[str, tuple[str, str]] = {
    TYPE: (
        "Vad raden är. Lämna tomt för ett vanligt begrepp.",
        "What the row is. Leave it empty for an ordinary concept.",
    ),
    f"{SKOS}notation": ("Beteckning eller kod.", "Notation or code."),
    f"{SKOS}prefLabel": (
        "Rekommenderad term, en enda på varje språk.",
        "Preferred term, only one in each language.",
    ),
    f"{SKOS}broader": (
        "Överordnat begrepp: adress, beteckning eller en term som bara ett begrepp har."
        " Tomt för ett begrepp högst upp.",
        "Broader concept: its address, its notation or a term that only one concept has."
        " Empty for a concept at the top.",
    ),
    f"{SKOS}altLabel": ("Andra termer för samma sak.", "Other terms for the same thing."),
    f"{SKOS}hiddenLabel": (
        "Termer som bara sökningen ska hitta, till exempel felstavningar.",
        "Terms that only searches should find, such as misspellings.",
    ),
    f"{SKOS}definition": ("Definition.", "Definition."),
    f"{SKOS}scopeNote": ("Hur begreppet ska användas.", "How the concept is to be used."),
    f"{SKOS}example": ("Exempel.", "Example."),
    f"{SKOS}note": ("Anmärkning.", "Note."),
    f"{SKOS}related": (
        "Besläktade begrepp, skrivna som överordnade.",
        "Related concepts, written as broader ones are.",
    ),
    f"{SKOS}exactMatch": (
        "Adress till ett begrepp i en annan vokabulär som betyder precis detsamma.",
        "Address of a concept in another vocabulary that means exactly the same.",
    ),
    f"{SKOS}closeMatch": ("… nästan detsamma.", "… nearly the same."),
    f"{SKOS}broadMatch": ("… något vidare.", "… something broader."),
    f"{SKOS}narrowMatch": ("… något snävare.", "… something narrower."),
    f"{SKOS}relatedMatch": ("… något besläktat.", "… something related."),
    DEPRECATED: (
        "true om begreppet inte längre används, annars tomt.",
        "true when the concept is no longer used, else empty.",
    ),
    REPLACED_BY: (
        "Vad som används i stället, om det inte längre används.",
        "What to use instead, when it is no longer used.",
    ),
    f"{SKOS}member": ("Begreppen i gruppen.", "The concepts in the group."),
    f"{PREFIXES['dct']}title": ("Vokabulärens namn.", "Title of the vocabulary."),
    f"{PREFIXES['dct']}description": ("Vad vokabulären är.", "What the vocabulary is."),
}
ORDER = {predicate: place for place, predicate in enumerate(EXPLAINED)}
TECHNICAL = frozenset(
    {
        TYPE,
        *(f"{SKOS}{name}" for name in ("narrower", "inScheme", "topConceptOf", "hasTopConcept")),
        *(f"{PREFIXES['dct']}{name}" for name in ("created", "modified", "issued")),
    }
)  # there, but folded away: what nobody needs to fill in
_TEXTS = tuple(f"{SKOS}{name}" for name in ("prefLabel", "altLabel", "definition"))
_MAPPINGS = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_USUAL = (
    Column(TYPE, IRI),  # so that a file without it was made by somebody else
    Column(f"{SKOS}notation", PLAIN),
    *(Column(f"{SKOS}{name}", IRI) for name in ("broader", "related", *_MAPPINGS)),
    Column(DEPRECATED, BOOLEAN),
    Column(REPLACED_BY, IRI),
)


def usual_columns(kind: str, languages: Iterable[str]) -> list[Column]:
    """The columns that a sheet has whether they are filled or not."""
    tags = [f"@{language}" for language in languages]
    if kind == "Vocabulary":
        names = ("title", "description")
        return [Column(f"{PREFIXES['dct']}{name}", tag) for name in names for tag in tags]
    if kind == "Collections":
        labels = [Column(f"{SKOS}prefLabel", tag) for tag in tags]
        return [Column(TYPE, IRI), *labels, Column(f"{SKOS}member", IRI)]
    if kind == "Other":
        return []
    return [*_USUAL, *(Column(predicate, tag) for predicate in _TEXTS for tag in tags)]


def in_order(columns: Collection[Column], languages: list[str]) -> list[Column]:
    """Columns as a curator reads them: names first, one language beside the other."""
    places = {language: place for place, language in enumerate(languages)}

    def key(column: Column) -> tuple[int, str, int, Column]:
        place = ORDER.get(column.predicate, len(ORDER))
        return place, column.predicate, places.get(column.language, len(places)), column

    return sorted(columns, key=key)
