"""Texts as they should be written (Unicode normalization; general categories)."""

import re
from unicodedata import category, normalize

_JOINERS = "\u200c\u200d"  # Persian and the scripts of India need them
_SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """A text without white space around it, and with single spaces in it."""
    return _SPACES.sub(" ", text).strip()


def printable(text: str) -> str:
    """A text without characters that nobody can see (Unicode general category C)."""
    return "".join(sign for sign in text if sign in _JOINERS or not category(sign).startswith("C"))


def composed(text: str) -> str:
    """A text in Unicode normalization form C."""
    return normalize("NFC", text)
