"""RDF Patch, read and written (https://afs.github.io/rdf-patch/).

A patch is text, a row a line: ``H`` header, ``TX`` begin, ``PA`` prefix, ``A`` add and ``D`` delete
with three or four terms in the syntax of Turtle, ``TC`` commit, ``TA`` abort, each closed by a dot.
The fourth term is the graph. A blank node has a name that lasts, which the format writes as
``<_:name>``: our stand-ins go out and come in so, and blank nodes of other systems are refused.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.errors import InvalidError, Phrase, TooLargeError
from vocab_server.rdf.change import Change, Patch, Triple
from vocab_server.rdf.languages import is_tag
from vocab_server.rdf.namespaces import RDF, XSD
from vocab_server.rdf.ntriples import read_triple, unescaped
from vocab_server.rdf.query import is_iri, to_sparql
from vocab_server.rdf.skolem import PREFIX, is_skolem

MEDIA_TYPE = "application/rdf-patch"
MOST_ROWS = 200_000
LONGEST_ROW = 200_000  # characters

_TOKEN = re.compile(
    r"""\s*(?:
      <(?P<iri>[^<>\s]*)>
    | "(?P<double>(?:[^"\\\n\r]|\\.)*)" | '(?P<single>(?:[^'\\\n\r]|\\.)*)'
    | @(?P<language>[A-Za-z0-9-]+)
    | (?P<datatype>\^\^)
    | (?P<blank>_:[\w.-]*[\w-])
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w:]))
    | (?P<name>[^\W\d_](?:[\w.-]*[\w-])?)?:(?P<local>(?:[\w:%-](?:[\w:%.-]*[\w:%-])?)?)
    | (?P<word>[A-Za-z]+)
    | (?P<dot>\.)
    )""",
    re.VERBOSE,
)
_OURS = re.compile(r"[0-9a-f]{20}n[0-9]+(c[0-9]+)?\Z")  # as rdf.naming makes them
_ROWS = frozenset({"H", "TX", "TC", "TA", "PA", "PD", "A", "D"})

Quad = tuple[Identifier, Identifier, Identifier, URIRef]


class _Place(NamedTuple):
    """Where in the text something is."""

    row: int

    def wrong(self, problem: str) -> InvalidError:
        """The error that tells where and what."""
        return InvalidError(
            "RDF Patch, row %(row)s: %(problem)s", row=self.row, problem=Phrase(problem)
        )


def read_patch(text: str, graph: URIRef) -> list[Change]:
    """The changes that a patch makes, one for each graph that it changes, by name.

    Rows without a graph are for ``graph``. Of several rows about one triple the last one counts;
    what comes before ``TA`` in a transaction does not. Raises InvalidError with the row that
    cannot be read, TooLargeError past MOST_ROWS.
    """
    fates: dict[Quad, bool] = {}
    for quad, is_added in _committed(_rows(text), graph):
        fates[quad] = is_added
    graphs = sorted({quad[3] for quad in fates})
    return [
        Change(
            name,
            added=frozenset(quad[:3] for quad, kept in fates.items() if kept and quad[3] == name),
            removed=frozenset(
                quad[:3] for quad, kept in fates.items() if not kept and quad[3] == name
            ),
        )
        for name in graphs
    ]


def write_patch(changes: Iterable[Change], headers: dict[str, Identifier] | None = None) -> str:
    """Changes as one patch with one transaction, deletions first, in order.

    ``headers`` are terms by their keyword, such as ``id`` and ``prev``.
    """
    rows = [f"H {key} {_written(value)} ." for key, value in (headers or {}).items()]
    rows.append("TX .")
    for change in changes:
        for letter, triples in (("D", change.removed), ("A", change.added)):
            rows += sorted(_row(letter, triple, change.graph) for triple in triples)
    return "\n".join([*rows, "TC .", ""])


def patch_rows(patch: Patch, headers: dict[str, Identifier] | None = None) -> Iterator[bytes]:
    """A patch of any size as ``write_patch`` writes it, in pieces, in the order of its lines."""
    rows = [f"H {key} {_written(value)} ." for key, value in (headers or {}).items()]
    yield "\n".join([*rows, "TX .", ""]).encode()
    end = f"{_written(patch.graph)} .\n".encode()
    for letter, found in ((b"D ", patch.removed_blocks()), (b"A ", patch.added_blocks())):
        for block in found:
            yield b"".join(_line_row(letter, line, end) for line in block.splitlines())
    yield b"TC .\n"


def _line_row(letter: bytes, line: bytes, end: bytes) -> bytes:
    if PREFIX.encode() in line:
        line = " ".join([*map(_written, read_triple(line)), "."]).encode()
    return letter + line.removesuffix(b".") + end


def _row(letter: str, triple: Triple, graph: URIRef) -> str:
    return " ".join([letter, *map(_written, triple), _written(graph), "."])


def _written(term: Identifier) -> str:
    if isinstance(term, URIRef) and is_skolem(term):
        return f"<_:{term.removeprefix(PREFIX)}>"
    return to_sparql(term)


def _rows(text: str) -> Iterator[tuple[_Place, str, list[Identifier | str]]]:
    """The rows with their letter and their terms, prefixed names written out."""
    prefixes: dict[str, str] = {}
    for number, line in enumerate(re.split(r"\r?\n|\r", text), 1):
        place = _Place(number)
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if number > MOST_ROWS or len(line) > LONGEST_ROW:
            raise TooLargeError(
                "The RDF Patch has more than %(rows)s rows, or one of more than"
                " %(longest)s characters. Send it in parts.",
                rows=MOST_ROWS,
                longest=LONGEST_ROW,
            )
        letter, _, rest = stripped.partition(" ")
        if letter not in _ROWS:
            raise place.wrong(f"{letter[:20]!r} begins no row. Use one of {', '.join(_ROWS)}.")
        if letter in ("PA", "PD"):
            _note_prefix(place, letter, rest, prefixes)
        else:
            yield place, letter, _terms(place, rest, prefixes, is_header=letter == "H")


def _committed(
    rows: Iterable[tuple[_Place, str, list[Identifier | str]]], graph: URIRef
) -> Iterator[tuple[Quad, bool]]:
    """What is added and deleted in transactions that are committed, or outside of any."""
    waiting: list[tuple[Quad, bool]] = []
    is_open = False
    for place, letter, terms in rows:
        if letter in ("A", "D"):
            waiting.append((_quad(place, terms, graph), letter == "A"))
        if letter == "TX" and is_open:
            raise place.wrong("a transaction begins inside another one.")
        if letter in ("TC", "TA") and not is_open:
            raise place.wrong("a transaction ends that did not begin. Write TX first.")
        if letter == "TA":
            waiting = []
        if letter in ("TX", "TC"):
            yield from waiting
            waiting = []
        is_open = letter == "TX" or (is_open and letter not in ("TC", "TA"))
    if is_open:
        raise InvalidError("RDF Patch: the last transaction does not end. Write TC . after it.")
    yield from waiting


def _quad(place: _Place, terms: list[Identifier | str], graph: URIRef) -> Quad:
    found = [term for term in terms if isinstance(term, Identifier)]
    if len(found) not in (3, 4) or len(found) < len(terms):
        raise place.wrong("three or four terms are expected: subject, property, value, graph.")
    subject, predicate, value = found[:3]
    name = found[3] if len(found) == 4 else graph
    for term in (subject, predicate, name):
        if not isinstance(term, URIRef):
            raise place.wrong(f"{term!s:.60} is a text, where only an IRI may stand.")
    return subject, predicate, value, URIRef(name)


def _note_prefix(place: _Place, letter: str, rest: str, prefixes: dict[str, str]) -> None:
    pattern = r'"?(?P<name>[\w.-]*):?"?\s*(<(?P<iri>[^<>\s]*)>)?\s*\.?\Z'
    match = re.match(pattern, rest.strip())
    if match is None or (letter == "PA") is (match["iri"] is None):
        raise place.wrong("a prefix and its IRI are expected: PA skos <http://...> .")
    if letter == "PA":
        prefixes[match["name"]] = match["iri"]
    else:
        prefixes.pop(match["name"], None)


def _terms(
    place: _Place, rest: str, prefixes: dict[str, str], *, is_header: bool
) -> list[Identifier | str]:
    """The terms of a row; in a header words too."""
    found: list[Identifier | str] = []
    tokens = list(_tokens(place, rest))
    if not tokens or tokens[-1].lastgroup != "dot":
        raise place.wrong("the row does not end with a dot.")
    waiting = tokens[:-1]
    while waiting:
        match = waiting.pop(0)
        if match["double"] is not None or match["single"] is not None:
            found.append(_literal(place, match, waiting, prefixes))
        elif match.lastgroup == "word" and is_header:
            found.append(match["word"])
        else:
            found.append(_term(place, match, prefixes))
    return found


def _tokens(place: _Place, text: str) -> Iterator[re.Match[str]]:
    start, end = 0, len(text.rstrip())
    while start < end:
        match = _TOKEN.match(text, start)
        if match is None:
            raise place.wrong(f"{text[start : start + 30].strip()!r} is no term.")
        yield match
        start = match.end()


def _term(place: _Place, match: re.Match[str], prefixes: dict[str, str]) -> Identifier:
    if match["iri"] is not None:
        return _iri(place, match["iri"])
    if match["blank"] is not None:
        return _blank(place, match["blank"])
    if match["local"] is not None:
        return _prefixed(place, match, prefixes)
    if match["number"] is not None:
        return _number(match["number"])
    if match["word"] == "a":
        return URIRef(RDF.type)
    if match["word"] in ("true", "false"):
        return Literal(match["word"], datatype=XSD.boolean)
    raise place.wrong(f"{match[0].strip()!r} is no term.")


def _literal(
    place: _Place, match: re.Match[str], waiting: list[re.Match[str]], prefixes: dict[str, str]
) -> Literal:
    quoted = match["double"] if match["double"] is not None else match["single"]
    text = unescaped(quoted)
    if "\\" in quoted and re.search(r"\\[^uUtbnrf\"'\\]", quoted.replace("\\\\", "")):
        raise place.wrong(f"{quoted[:30]!r} has an escape that there is not.")
    if waiting and waiting[0]["language"] is not None:
        tag = waiting.pop(0)["language"]
        if not is_tag(tag):
            raise place.wrong(f"{tag!r} is no language tag.")
        return Literal(text, lang=tag.lower())
    if waiting and waiting[0]["datatype"] is not None and len(waiting) > 1:
        waiting.pop(0)
        datatype = _term(place, waiting.pop(0), prefixes)
        if not isinstance(datatype, URIRef):
            raise place.wrong("a datatype is an IRI.")
        is_string = datatype == XSD.string
        return Literal(text, datatype=None if is_string else datatype, normalize=False)
    return Literal(text)


def _iri(place: _Place, text: str) -> URIRef:
    if text.startswith("_:"):
        return _blank(place, text)
    iri = unescaped(text)
    if not is_iri(iri) or not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri):
        raise place.wrong(f"<{text[:60]}> is not an absolute IRI.")
    return URIRef(iri)


def _blank(place: _Place, text: str) -> URIRef:
    name = text.removeprefix("_:")
    if not _OURS.match(name):
        raise place.wrong(f"{text[:60]} is no blank node that we know. Give it an IRI.")
    return URIRef(PREFIX + name)


def _prefixed(place: _Place, match: re.Match[str], prefixes: dict[str, str]) -> URIRef:
    prefix = match["name"] or ""
    if prefix not in prefixes:
        raise place.wrong(f"the prefix {prefix!r} is not declared. Write PA {prefix} <...> .")
    return _iri(place, prefixes[prefix] + match["local"])


def _number(text: str) -> Literal:
    datatype = XSD.integer
    if "e" in text.lower():
        datatype = XSD.double
    elif "." in text:
        datatype = XSD.decimal
    return Literal(text, datatype=datatype, normalize=False)
