"""Which format a file of data has, by what is in it, whatever it calls itself."""

import zipfile
from pathlib import Path

START = 4_096  # bytes that are looked at
BOOKS = ("xlsx", "xls", "ods")
# What the library raises for archives that are damaged, or made to be.
DAMAGED = (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError)
_SIGNS = (
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x7fELF", "program"),
    (b"SQLite format 3", "sqlite"),
    (b"PAR1", "parquet"),
)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = (b",", b";", b"\t")
_JSON = ("json", "geojson")


def format_of(source: Path, stated: str = "") -> str:
    """The format as a short word; ``stated`` decides only where the content does not."""
    with source.open("rb") as file:
        start = file.read(START)
    if start.startswith(b"PK"):
        return _packed(source)
    for sign, form in _SIGNS:
        if start.startswith(sign):
            return form
    return _text_format(start, stated)


def _packed(source: Path) -> str:
    """What a ZIP archive is; a damaged one is a workbook that cannot be opened."""
    try:
        with zipfile.ZipFile(source) as archive:
            names = set(archive.namelist())
    except DAMAGED:
        return "xlsx"
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    return "ods" if {"content.xml", "mimetype"} <= names else "zip"


def _text_format(start: bytes, stated: str) -> str:
    for mark in _MARKS:
        start = start.removeprefix(mark)
    bare = start.replace(b"\0", b"").lstrip()  # of UTF-16 what is ASCII is left
    if bare.startswith(b"<"):
        head = bare[:1_000].lower()
        return "html" if b"<html" in head or b"<!doctype html" in head else "xml"
    if bare[:1] in (b"{", b"["):
        return "json"
    first_line = bare.partition(b"\n")[0]
    has_cells = any(sign in first_line for sign in _SEPARATORS)
    if stated in _JSON and not has_cells:
        return "json"
    return "csv" if has_cells or stated == "csv" else "txt"
