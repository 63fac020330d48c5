"""What suggestions are made for: a dataset or another thing, described in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """Where in a description a name was found."""

    TITLE = "title"
    KEYWORDS = "keywords"
    COLUMNS = "columns"
    DESCRIPTION = "description"
    DATASETS = "datasets"  # not in it: in other datasets that have the same words


class Match(StrEnum):
    """How a name was found."""

    NAME = "name"
    INFLECTED = "inflected"
    JOINED = "joined"  # two words that the name has as one
    COMPOUND = "compound"  # a part of a word
    TAGGED = "tagged"  # a dataset with the same words is tagged with it
    USUAL = "usual"  # many datasets are tagged with it


@dataclass(frozen=True, slots=True)
class Described:
    """What is to be tagged, in words; ``language`` is that of the words, None for unknown."""

    title: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    language: str | None = None

    def parts(self) -> Iterator[tuple[Part, str]]:
        """Its texts; what belongs to no other text is apart from it."""
        yield Part.TITLE, self.title
        yield from ((Part.KEYWORDS, word) for word in self.keywords)
        yield from ((Part.COLUMNS, name) for name in self.columns)
        yield Part.DESCRIPTION, self.description
