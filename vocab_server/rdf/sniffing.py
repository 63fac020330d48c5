"""What a file holds, told by its first characters: real files lie about it by their names."""

import re

from vocab_server.errors import Phrase, UnknownFormatError
from vocab_server.rdf.repair import TURTLE_TOKEN, shown

SAMPLE = 64 * 1024  # characters that are looked at
TITLES = {
    "turtle": "Turtle",
    "json-ld": "JSON-LD",
    "xml": "RDF/XML",
    "nt": "N-Triples",
    "nquads": "N-Quads",
    "trig": "TriG",
    "n3": "Notation3",
}
# What reads a format reads these as well, so a name of one of them is no lie.
_WIDER = {
    "nt": ("turtle", "nquads", "trig", "n3"),
    "nquads": (),
    "turtle": ("trig", "n3"),
    "trig": ("n3",),
    "n3": (),
}
_FOREIGN = (
    (b"PK\x03\x04", Phrase("a ZIP archive (or a spreadsheet)"), Phrase("Unpack it first")),
    (b"BZh", Phrase("compressed with bzip2"), Phrase("Unpack it first, or compress it with gzip")),
    (
        b"\xfd7zXZ\0",
        Phrase("compressed with xz"),
        Phrase("Unpack it first, or compress it with gzip"),
    ),
    (
        b"\x28\xb5\x2f\xfd",
        Phrase("compressed with zstd"),
        Phrase("Unpack it first, or compress it with gzip"),
    ),
    (b"%PDF-", Phrase("a PDF document"), Phrase("Ask its publisher for the same as RDF")),
    (b"\xd0\xcf\x11\xe0", Phrase("an old Office document"), Phrase("Save it as XLSX, CSV or RDF")),
)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_XML = re.compile(r"\s*<(?:\?xml\b|!--|!DOCTYPE\b|[A-Za-z_][\w.:-]*\s[^<>]*\bxmlns\b)")
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_JSON = re.compile(r'\s*(?:\{\s*(?:"|\}|\Z)|\[\s*(?:[{"]|\]\s*\Z))')
_DIRECTIVE = re.compile(r"^\s*@?(?:prefix|base)\s", re.IGNORECASE | re.MULTILINE)
_LINE = re.compile(  # N-Triples and N-Quads; the last group is there for N-Quads only
    r"""\s*(?:<[^>]*>|_:\S+)\s*<[^>]*>\s*
    (?:<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^<[^>]*>)?)\s*(<[^>]*>|_:\S+)?\s*\.\s*(?:\#.*)?$""",
    re.VERBOSE,
)


def refuse_foreign(start: bytes) -> None:
    """Raise UnknownFormatError when a file starts like an archive or a document."""
    for magic, kind, remedy in _FOREIGN:
        if start.startswith(magic):
            raise UnknownFormatError(
                "This is %(kind)s, not RDF. %(remedy)s.", kind=kind, remedy=remedy
            )


def refuse_page(sample: str) -> None:
    """Raise UnknownFormatError when a text is an HTML page, telling what the page says."""
    if _HTML.match(sample):
        text = shown(_MARKUP.sub(" ", sample))
        raise UnknownFormatError(
            "This is an HTML page, not RDF; it says %(text)s. Such pages often come in the place"
            " of a file that is not there: get the file from its publisher again.",
            text=text,
        )


def sniff(sample: str, named: str | None) -> str:
    """The name of the format that a text is in.

    ``sample`` are its first characters, at most SAMPLE; ``named`` is the format that its name
    tells, which decides between those that the text could be. Raises UnknownFormatError for XML
    that is not RDF.
    """
    if _XML.match(sample):
        _check_root(sample)
        return "xml"
    if _JSON.match(sample):
        return "json-ld"
    return _sniff_text(sample, named)


def _check_root(sample: str) -> None:
    if _RDF.rstrip("#") not in sample and "<!ENTITY" not in sample:
        root = _ROOT.search(sample)
        name = root[1] if root else "unknown"
        raise UnknownFormatError(
            "This is XML but not RDF/XML: its first element is %(name)s, and the RDF namespace"
            " %(rdf)s is not in it.",
            name=name,
            rdf=_RDF,
        )


def _sniff_text(sample: str, named: str | None) -> str:
    """Which of the formats that write a triple as three terms and a dot."""
    bare = re.split("[\"']", TURTLE_TOKEN.sub(" ", sample))[0]
    if not sample.strip():
        return named or "turtle"
    found = _narrowest(sample, bare)
    return named if named is not None and named in _WIDER[found] else found


def _narrowest(sample: str, bare: str) -> str:
    if "=>" in bare or "@forAll" in bare or "@forSome" in bare:
        return "n3"
    if "{" in bare:
        return "trig"
    if _DIRECTIVE.search(bare):
        return "turtle"
    lines = [line for line in sample.splitlines() if line.strip() and not line.startswith("#")]
    matches = [_LINE.match(line) for line in lines[:10]]
    if not matches or None in matches:
        return "turtle"
    return "nquads" if any(match and match[1] for match in matches) else "nt"
