"""What tables of the documentation are made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a place of a table; code is neither translated nor read from right to left."""

    text: str
    href: str = ""
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row names what the row is about."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def code(text: str, href: str = "") -> Cell:
    """A name that programs go by."""
    return Cell(text, href, is_code=True)
