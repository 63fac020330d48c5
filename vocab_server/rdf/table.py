"""Statements as a table: a row for each resource, a column for each property and kind of value.

A header names the property as SKOS does, with the language or datatype behind it: ``broader``,
``prefLabel@sv``, ``dct:modified^^xsd:date``, ``<https://example.org/p>@en``. A cell holds all
values, with ``|`` between them. Whatever RDF can say goes into such a table and comes out again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from vocab_server.rdf.ntriples import unescaped
from vocab_server.rdf.prefixes import PREFIXES

IRI = "<>"  # the kind of values that are IRIs
PLAIN = ""  # the kind of texts without language
SKOS = PREFIXES["skos"]
TYPE = f"{PREFIXES['rdf']}type"
DEPRECATED = f"{PREFIXES['owl']}deprecated"
REPLACED_BY = f"{PREFIXES['dct']}isReplacedBy"
BOOLEAN = f"^{PREFIXES['xsd']}boolean"
SUBJECT = "iri"  # the header of the column that names the resources
STATE = "exported"  # the header of the column of a CSV file that tells when it was exported
SHOWN_ONLY = ": name"  # the end of headers of columns that are there to be read
SEPARATOR = " | "

NAMES = {TYPE: "type", DEPRECATED: "deprecated", REPLACED_BY: "replacedBy"}
RELATIONS = (
    *("broader", "narrower", "related", "broaderTransitive", "narrowerTransitive"),
    *("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"),
    *("inScheme", "topConceptOf", "hasTopConcept", "member", "memberList"),
)
LABELS = tuple(f"{SKOS}{name}" for name in ("prefLabel", "altLabel", "hiddenLabel"))
NOTATION = f"{SKOS}notation"
_KINDS = {
    **{f"{SKOS}{name}": IRI for name in RELATIONS},
    TYPE: IRI,
    REPLACED_BY: IRI,
    DEPRECATED: BOOLEAN,
}
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_HEADER = re.compile(
    r"(?:<(?P<iri>[^<>]+)>|(?P<name>[A-Za-z_][\w:-]*?))\s*"
    r"(?:@\s*(?P<tag>[A-Za-z0-9-]+)|\^\^\s*(?:<(?P<datatype>[^<>]+)>|(?P<short>[\w:-]+))"
    r"|\((?P<kind>iri|text)\))?\Z",
    re.IGNORECASE,
)
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPE = re.compile(r"\\(\\|\||e|u[0-9A-Fa-f]{4})")
_FULL = re.compile(r"(?:https?://|urn:)", re.IGNORECASE)
_FORMULA = tuple("=+-@\t\r'")


class Column(NamedTuple):
    """A property and the kind of its values: IRI, PLAIN, "@" and a language, "^" and a datatype."""

    predicate: str
    kind: str

    @property
    def is_listed(self) -> bool:
        """Whether a new line in a cell begins another value, as short values are written."""
        return self.kind == IRI or self.predicate in (*LABELS, NOTATION)

    @property
    def language(self) -> str:
        """The language tag of the values, "" when they have none."""
        return self.kind[1:] if self.kind.startswith("@") else ""


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a cell; ``is_name`` when it names a resource by a notation or a label."""

    text: str
    is_name: bool = False


def header(column: Column) -> str:
    """What stands above a column."""
    name = _short(column.predicate)
    if column.kind == _KINDS.get(column.predicate, PLAIN):
        return name
    if column.kind == IRI:
        return f"{name} (IRI)"
    if column.kind == PLAIN:
        return f"{name} (text)"
    if column.language:
        return f"{name}{column.kind}"
    return f"{name}^^{_prefixed(column.kind[1:]) or f'<{column.kind[1:]}>'}"


def read_header(text: str) -> Column | None:
    """The column under a header, None when it is none of ours."""
    found = _HEADER.match(text.strip())
    predicate = found and (found["iri"] or _long(found["name"]))
    if not found or not predicate:
        return None
    if found["tag"]:
        return Column(predicate, f"@{found['tag'].lower()}")
    if found["datatype"] or found["short"]:
        datatype = found["datatype"] or _expanded(found["short"])
        return Column(predicate, f"^{datatype}") if datatype else None
    if found["kind"]:
        return Column(predicate, IRI if found["kind"].lower() == "iri" else PLAIN)
    return Column(predicate, _KINDS.get(predicate, PLAIN))


def write_cell(column: Column, values: Iterable[str]) -> str:
    """The values of a cell as one text, in order."""
    return SEPARATOR.join(_written(column, value) for value in sorted(values))


def read_cell(column: Column, text: str) -> tuple[Value, ...]:
    """The values that a cell holds; space around them does not count."""
    separators = "|\n" if column.is_listed else "|"
    parts = (part.strip() for part in _parts(text.replace("\r\n", "\n"), separators))
    values = (_read(column, part) for part in parts if part)
    return tuple(dict.fromkeys(values))


def read_object(written: str) -> tuple[str, str]:
    """The kind of an object of N-Triples, and its text."""
    if written.startswith("<"):
        return IRI, written[1:-1]
    text, _, rest = written[1:].rpartition('"')
    if "\\" in text:
        text = unescaped(text)
    return (f"^{rest[3:-1]}" if rest.startswith("^^") else rest), text


def guarded(cell: str) -> str:
    """A cell of a CSV file that no spreadsheet program takes for a formula (CWE-1236)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def unguarded(cell: str) -> str:
    """What a guarded cell was."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def short_iri(iri: str) -> str:
    """An IRI as it stands in a cell: shortened with a usual prefix, or in brackets when odd."""
    return iri if _FULL.match(iri) else f"<{iri}>"


def _short(predicate: str) -> str:
    if predicate in NAMES:
        return NAMES[predicate]
    local = predicate.removeprefix(SKOS)
    if local != predicate and local in _PROPER.values():
        return local
    return _prefixed(predicate) or f"<{predicate}>"


def _long(name: str) -> str | None:
    if ":" in name:
        return _expanded(name)
    for predicate, short in NAMES.items():
        if name.lower() == short.lower():
            return predicate
    known = _PROPER.get(name.lower())
    return f"{SKOS}{known}" if known else None


_PROPER = {
    name.lower(): name
    for name in (
        *RELATIONS,
        *("prefLabel", "altLabel", "hiddenLabel", "notation", "definition", "scopeNote"),
        *("example", "note", "editorialNote", "historyNote", "changeNote"),
    )
}


def _prefixed(iri: str) -> str | None:
    for prefix, space in PREFIXES.items():
        local = iri.removeprefix(space)
        if local != iri and _LOCAL.match(local):
            return f"{prefix}:{local}"
    return None


def _expanded(name: str) -> str | None:
    prefix, _, local = name.partition(":")
    space = PREFIXES.get(prefix)
    return f"{space}{local}" if space and local else None


def _written(column: Column, value: str) -> str:
    if column.kind == IRI:
        return (_prefixed(value) if column.predicate == TYPE else None) or short_iri(value)
    text = value.replace("\\", "\\\\").replace("|", "\\|")
    text = _UNWRITABLE.sub(_escaped, text)
    if column.is_listed:
        text = text.replace("\n", "\\u000a")
    if not text:
        return "\\e"
    begin = _escape_sign(text[0]) if text[0].isspace() else text[0]
    if len(text) == 1:
        return begin
    return begin + text[1:-1] + (_escape_sign(text[-1]) if text[-1].isspace() else text[-1])


def _escaped(match: re.Match[str]) -> str:
    return _escape_sign(match[0])


def _escape_sign(sign: str) -> str:
    return f"\\u{ord(sign):04x}"


def _parts(text: str, separators: str) -> Iterable[str]:
    """A text cut at the separators that no backslash stands before."""
    part: list[str] = []
    place = 0
    while place < len(text):
        sign = text[place]
        if sign == "\\" and text[place + 1 : place + 2] in ("\\", "|"):
            part.append(text[place : place + 2])
            place += 2
            continue
        if sign in separators:
            yield "".join(part)
            part = []
        else:
            part.append(sign)
        place += 1
    yield "".join(part)


def _read(column: Column, part: str) -> Value:
    if column.kind != IRI:
        return Value(_ESCAPE.sub(_sign, part))
    if part.startswith("<") and part.endswith(">"):
        return Value(part[1:-1])
    if _FULL.match(part):
        return Value(part)
    known = _expanded(part) if column.predicate == TYPE else None
    return Value(known or part, is_name=known is None)


def _sign(match: re.Match[str]) -> str:
    code = match[1]
    if code == "e":
        return ""
    return chr(int(code[1:], 16)) if code.startswith("u") else code
