"""What kind of value a text is, as people write values in tables."""

import re
from datetime import date, datetime

NUMBER, DECIMAL_COMMA, DATE, LOCAL_DATE, BOOLEAN, TEXT = (
    "number",
    "decimal comma",
    "date",
    "local date",
    "boolean",
    "text",
)
NOTHING = frozenset({"n/a", "#n/a", "null", "nan", "-", "--", "?"})  # written for no value

_NUMBER = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?\d{1,12},\d{1,12}")
_LOCAL = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"\d{4}-\d\d-\d\d")
_MOJIBAKE = re.compile("\ufffd|Ã[\x80-\xbf¥¤¶…„–œ©¨]|â€|Â[\xa0-\xbf]")


def kind_of(text: str) -> str:
    """The kind of a value without spaces around it; a number with leading zeros is a text."""
    if _NUMBER.fullmatch(text):
        return NUMBER
    if _YEAR_FIRST.match(text) and _is_date(text):
        return DATE
    if _COMMA.fullmatch(text):
        return DECIMAL_COMMA
    if _LOCAL.fullmatch(text):
        return LOCAL_DATE
    return BOOLEAN if text.lower() in ("true", "false") else TEXT


def is_year(text: str) -> bool:
    """Whether a text is a year of our time, which columns may be named by."""
    return len(text) == len("2026") and text.isdecimal() and 1800 <= int(text) <= 2200


def is_garbled(text: str) -> bool:
    """Whether letters were lost because a text was once read in a wrong encoding."""
    return not text.isascii() and _MOJIBAKE.search(text) is not None


def _is_date(text: str) -> bool:
    parse = date.fromisoformat if len(text) == len("2026-01-01") else datetime.fromisoformat
    try:
        parse(text)
    except ValueError:
        return False
    return True
