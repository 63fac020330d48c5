"""How much the text of a dataset speaks of a concept: by its names, and by what is near it.

The same understanding of words as in searches: no capitals or marks, without endings, and parts of
compounds. A concept that has no name in a language of the text cannot be judged, and passes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from vocab_server.rdf.languages import Label
from vocab_server.search.text import folded, plain, stems, without_spaces

LONGEST = 4_000  # characters of a text that are looked at
PIECE = 4  # letters of the shortest part of a compound
NAMED, MENTIONED, NEAR, NOTHING = 1.0, 0.7, 0.4, 0.0
ENOUGH = 2  # different words of a definition that the text must have
LONG = 5  # letters of a word of a definition that says something
WHOLE, HALF = 0.75, 0.5  # of a name that is found
# A name that joins two things by one of these names either.
_OR = re.compile(r"[,/;&()]| (?:and|ja|og|och|oder|or|eller|und|et|y) ", re.IGNORECASE)

Tokens = frozenset[str]


@dataclass(frozen=True, slots=True)
class Said:
    """The words of some texts, for looking up what is a part of them or has them as its part."""

    words: Tokens
    joined: str
    pieces: tuple[str, ...]

    @classmethod
    def of(cls, words: Tokens) -> Self:
        """The words, made ready."""
        pieces = tuple(word for word in words if len(word) >= PIECE)
        return cls(words, " ".join(sorted(words)), pieces)

    def share(self, name: Tokens) -> float:
        """How much of a name is in the texts, from 0 to 1."""
        return sum(map(self._has, name)) / len(name)

    def _has(self, word: str) -> float:
        """1 for a word that is there, or is a part of one; less for one with most of it there."""
        if word in self.words:
            return 1.0
        if len(word) < PIECE:
            return 0.0
        if word in self.joined:
            return 1.0
        return HALF if any(2 * len(p) > len(word) and p in word for p in self.pieces) else 0.0


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a dataset says of itself: in its title and keywords, and in all of its text.

    ``languages`` are main language tags, "" among them for unknown.
    """

    languages: frozenset[str]
    title: Said
    whole: Said

    @classmethod
    def of(cls, title: Iterable[Label], description: Iterable[Label]) -> Self:
        """What is said in titles and keywords, and in descriptions."""
        first, more = list(title), list(description)
        words = _words(first)
        return cls(
            frozenset(main(text.language) for text in (*first, *more)),
            Said.of(words),
            Said.of(words | _words(more)),
        )


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a concept is called, and words that stand near it, by language."""

    names: dict[str, set[Tokens]] = field(default_factory=dict)
    near: dict[str, set[Tokens]] = field(default_factory=dict)
    defined: dict[str, set[str]] = field(default_factory=dict)

    def add_name(self, label: Label) -> None:
        """A preferred, alternative or hidden label."""
        _add(self.names, label)

    def add_near(self, label: Label) -> None:
        """A name of what is right above or beside it."""
        _add(self.near, label)

    def add_definition(self, label: Label) -> None:
        """A definition or scope note."""
        words = {word for word in tokens(label) if len(word) >= LONG}
        self.defined.setdefault(main(label.language), set()).update(words)


def agreement(spoken: Spoken, meaning: Meaning) -> float:
    """NAMED in the title or a keyword, MENTIONED in the description, NEAR, or NOTHING.

    NAMED too where the languages do not let one judge.
    """
    common = _common(spoken.languages, meaning.names)
    if not common:
        return NAMED
    names = [name for language in common for name in meaning.names[language]]
    if _share(spoken.title, names) >= WHOLE:
        return NAMED
    found = _share(spoken.whole, names)
    if found >= WHOLE:
        return MENTIONED
    near = [name for language in common for name in meaning.near.get(language, ())]
    if found >= HALF or _share(spoken.whole, near) >= WHOLE:
        return NEAR
    return NEAR if _is_defined(spoken.whole, meaning, common) else NOTHING


def tokens(label: Label) -> list[str]:
    """The words of a text without marks and endings; signs, where a script writes no spaces."""
    bare = plain(label.text)
    if without_spaces(bare):
        signs = bare.replace(" ", "")
        return [signs[place : place + 2] for place in range(max(1, len(signs) - 1))]
    return [folded(stem) for stem in stems(bare, main(label.language)) or bare.split()]


def main(language: str) -> str:
    """The main language of a tag; Norwegian is one, however it is tagged."""
    found = language.partition("-")[0].lower()
    return "no" if found in ("nb", "nn") else found


def _words(texts: Iterable[Label]) -> Tokens:
    bounded = (Label(text.text[:LONGEST], text.language) for text in texts)
    return frozenset(word for text in bounded for word in tokens(text))


def _add(names: dict[str, set[Tokens]], label: Label) -> None:
    language = main(label.language)
    for text in _OR.split(label.text):
        if found := frozenset(tokens(Label(text, label.language))):
            names.setdefault(language, set()).add(found)


def _common(languages: frozenset[str], names: dict[str, set[Tokens]]) -> list[str]:
    if "" in languages:
        return sorted(names)
    return sorted(language for language in names if language in languages or not language)


def _share(said: Said, names: Iterable[Tokens]) -> float:
    return max(map(said.share, names), default=0.0)


def _is_defined(said: Said, meaning: Meaning, common: list[str]) -> bool:
    words = set().union(*(meaning.defined.get(language, set()) for language in common))
    return len(words & said.words) >= ENOUGH
