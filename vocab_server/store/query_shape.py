"""Queries whose work is bounded by their shape, told from all others by their text.

What is recognised is an allow-list: one triple pattern, or several about one subject, perhaps in a
named graph, with filters by language. The text that runs is put together anew from the tokens that
were recognised, so that the engine cannot read it otherwise than we did: it holds no comment, no
prefix, no escape and nothing nested. All other text is left to a query process, which also tells
what is wrong with it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

MAX_TEXT = 2048  # characters
MAX_PATTERNS = 6
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

# What may follow a token is said too: the engine lets names have more characters than we do.
_TOKEN = re.compile(
    r"""[ \t\n]++ | \#[^\n]*+
    | <[A-Za-z][A-Za-z0-9+.-]*+:[^<>"{}|^`\x00-\x20\x7f]*+>
    | [?$][A-Za-z_][A-Za-z0-9_]*+(?=[\s;,.(){}=*?$<\#])
    | "[^"\n]*+"(?!")
    | '[^'\n]*+'(?!')
    | @[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?=[\s;,.(){}])
    | \^\^
    | (?:[A-Za-z][A-Za-z0-9_-]*+)?:(?:[A-Za-z0-9_][A-Za-z0-9_-]*+)?
      (?=[\s;,(){}?$<"'\#]|\.[\s}]|\Z)
    | [A-Za-z]++(?=[\s(){}*<?$\#"';,.])
    | [0-9]++(?=\s|\#|\Z)
    | .""",
    re.VERBOSE | re.DOTALL,
)

# Each token counts as one sign, and a query as a word of signs.
_IRI, _VARIABLE, _TYPE, _STRING, _LANGUAGE, _DATATYPE = "I", "V", "a", "s", "@", "^"
_NUMBER, _NAMESPACE, _OTHER = "9", "N", "!"
_ALONE = frozenset("{}().;,=*a")  # that stand for themselves
_BY_FIRST = {
    "<": _IRI,
    "?": _VARIABLE,
    "$": _VARIABLE,
    '"': _STRING,
    "'": _STRING,
    "@": _LANGUAGE,
    "^": _DATATYPE,
}
_WORDS = {
    "PREFIX": "P",
    "SELECT": "S",
    "ASK": "A",
    "CONSTRUCT": "C",
    "DESCRIBE": "D",
    "WHERE": "W",
    "GRAPH": "G",
    "FILTER": "F",
    "LIMIT": "L",
    "LANG": "l",
    "LANGMATCHES": "m",
}
_OBJECTS = r"(?:[IV]|s(?:@|\^I)?)(?:,(?:[IV]|s(?:@|\^I)?))*+"
_TRIPLES = rf"[IV][IVa]{_OBJECTS}(?:;[IVa]{_OBJECTS})*+"
_BLOCK = rf"{_TRIPLES}(?:\.{_TRIPLES})*+\.?"
_QUERY = re.compile(
    rf"""(?:PNI)*+
    (?: D(?P<described>I)
    | (?: S(?:\*|V++) | A | (?P<construct>C)(?:\{{{_BLOCK}\}})? )
      W?\{{ (?:G(?P<graph>I)\{{)?
      (?P<block>{_BLOCK}) (?P<filters>(?:F\((?:l\(V\)=s|m\(l\(V\),s\))\)\.?)*+)
      \}} (?(graph)\}}) (?:L(?P<limit>9))? )""",
    re.VERBOSE,
)
_PART = re.compile(r"s\^I|s@|[IVas]|[.;,]")
_ROLES = ".;,"  # what begins after each: a subject, a predicate, an object
_SPACE = " \t\n#"
_MARK = "\0"  # before the number of an IRI; no text may have it
_NUMBERED = re.compile(f"<{_MARK}([0-9]+)>")
_REFUSED = ("\\", "\r", _MARK)
_DOTS = re.compile(r"[/:]\.")  # what an IRI may have that the engine resolves


class Term(NamedTuple):
    """A constant: an IRI, or the text of a literal with its language tag or its datatype's IRI."""

    value: str
    is_iri: bool = True
    language: str | None = None
    datatype: str | None = None


Part = Term | str  # a variable is its name with the question mark
Triple = tuple[Part, Part, Part]


class Shape(NamedTuple):
    """A query of bounded work.

    ``text`` is the query as it is to run. When ``is_plain`` the work is in proportion to the
    solutions. Else all patterns are about one subject, and the work is bounded by the sum over
    its values of the products of how often each pattern matches; the first pattern is the one to
    find the values by, when the subject is a variable. ``graph`` is None for the default graph.
    ``head`` is how a SELECT query begins that says alone what its solutions have, else "".
    """

    text: str
    is_plain: bool
    patterns: tuple[Triple, ...]
    graph: Term | None = None
    head: str = ""


def shape_of(text: str, most: int) -> Shape | None:
    """The shape of a query; None for all that is not known to be bounded, and for what is wrong.

    A query that asks for ``most`` solutions or fewer of one pattern needs no other bound.
    """
    text = text.replace("\r\n", "\n")
    if len(text) > MAX_TEXT or any(map(text.count, _REFUSED)):
        return None
    tokens = [token for token in _TOKEN.findall(text) if token[0] not in _SPACE]
    iris: dict[str, str] = {}
    named = tuple(
        iris.setdefault(token, f"<{_MARK}{len(iris)}>")
        if token[0] == "<" != token and before[-1:] != ":"  # prefixes stay as they are
        else token
        for token, before in zip(tokens, ("", *tokens), strict=False)
    )
    shape = _shape(named, most)
    return shape and _filled(shape, tuple(iris))


@lru_cache(maxsize=1024)  # programs ask the same thing of one concept after the other
def _shape(tokens: tuple[str, ...], most: int) -> Shape | None:
    """The shape of all queries with these tokens, with numbers in the place of IRIs."""
    signs = "".join(map(_sign, tokens, ("", *tokens)))
    found = _QUERY.fullmatch(signs)
    if found is None:
        return None
    try:
        clean = _without_prefixes(tokens, signs)
    except KeyError:  # a prefix that is not declared
        return None
    return _shaped(found, clean, signs, most)


def _filled(shape: Shape, iris: Sequence[str]) -> Shape | None:
    """A shape with the IRIs that its numbers stand for."""
    if any(map(_DOTS.search, iris)):
        return None
    text = _NUMBERED.sub(lambda found: iris[int(found[1])], shape.text)
    if shape.is_plain:
        return shape._replace(text=text, patterns=())
    patterns = tuple(
        (_named(s, iris), _named(p, iris), _named(o, iris)) for s, p, o in shape.patterns
    )
    graph = shape.graph and Term(_iri(shape.graph.value, iris))
    return Shape(text, False, patterns, graph, shape.head)


def _named(part: Part, iris: Sequence[str]) -> Part:
    if isinstance(part, str):
        return part
    if part.is_iri:
        return Term(_iri(part.value, iris))
    return part._replace(datatype=part.datatype and _iri(part.datatype, iris))


def _iri(name: str, iris: Sequence[str]) -> str:
    return iris[int(name[1:])][1:-1] if name[0] == _MARK else name


def _sign(token: str, before: str) -> str:
    first = token[0]
    if len(token) == 1 and token in _ALONE:
        return token
    if first in _BY_FIRST and len(token) > 1:
        return _BY_FIRST[first]
    if ":" in token:
        return _NAMESPACE if before.upper() == "PREFIX" else _IRI
    if "0" <= first <= "9":
        return _NUMBER
    return _WORDS.get(token.upper(), _OTHER)


def _without_prefixes(tokens: Sequence[str], signs: str) -> list[str]:
    """The tokens with whole IRIs for names, and nothing for declarations.

    Raises KeyError for a prefix that is not declared, or twice.
    """
    spaces: dict[str, str] = {}
    place = 0
    while signs[place] == "P":
        name, iri = tokens[place + 1 : place + 3]
        if name[:-1] in spaces:
            raise KeyError(name)
        spaces[name[:-1]] = _whole(iri, {})[1:-1]
        place += 3
    rest = zip(tokens[place:], signs[place:], strict=True)
    return [""] * place + [_whole(t, spaces) if s == _IRI else t for t, s in rest]


def _whole(name: str, spaces: dict[str, str]) -> str:
    if name[0] == "<":
        return name
    prefix, _, local = name.partition(":")
    return f"<{spaces[prefix]}{local}>"


def _shaped(found: re.Match[str], tokens: list[str], signs: str, most: int) -> Shape | None:
    text = " ".join(filter(None, tokens))
    if _DOTS.search(text):
        return None
    if found["described"]:
        return Shape(text, False, ((_term(_IRI, tokens[-1:]), "?p", "?o"),))
    begin, end = found.span("block")
    triples = list(_triples(tokens[begin:end], signs[begin:end]))
    if not _is_star(triples):
        return None
    limit = int(tokens[found.start("limit")]) if found["limit"] else most + 1
    is_plain = len(triples) == 1 and not found["filters"]
    is_plain = is_plain and (not found["construct"] or limit <= most)
    triples.sort(key=_is_anchor, reverse=True)
    if not is_plain and isinstance(triples[0][0], str) and not _is_only_anchor(triples):
        return None
    graph = _term(_IRI, tokens[found.start("graph") :]) if found["graph"] else None
    return Shape(text, is_plain, tuple(triples), graph, _head(text, found))


def _head(text: str, found: re.Match[str]) -> str:
    head = text.partition("{")[0]
    is_enough = head[:6].upper() == "SELECT" and "*" not in head and not found["limit"]
    return head if is_enough else ""


def _triples(tokens: list[str], signs: str) -> Iterator[Triple]:
    """The triple patterns of a block, with all of them written out."""
    parts: list[Part] = ["", "", ""]
    role = 0
    for found in _PART.finditer(signs):
        if found[0] in _ROLES:
            role = _ROLES.index(found[0])
            continue
        parts[role] = _part(found[0], tokens[found.start() : found.end()])
        if role == len(parts) - 1:
            yield (parts[0], parts[1], parts[2])
        else:
            role += 1


def _part(kind: str, tokens: Sequence[str]) -> Part:
    if kind == _VARIABLE:
        return tokens[0][1:]
    return _term(kind, tokens)


def _term(kind: str, tokens: Sequence[str]) -> Term:
    value, end = tokens[0][1:-1], tokens[-1]
    if kind == _TYPE:
        return Term(RDF_TYPE)
    if kind == _STRING + _LANGUAGE:
        return Term(value, False, language=end[1:])
    if kind == _STRING + _DATATYPE + _IRI:
        return Term(value, False, datatype=end[1:-1])
    return Term(value, kind == _IRI)


def _is_star(triples: Sequence[Triple]) -> bool:
    """Whether patterns have one subject and no other variable in common."""
    variables = [part for triple in triples for part in triple[1:] if isinstance(part, str)]
    subjects = {triple[0] for triple in triples}
    variables += [part for part in subjects if isinstance(part, str)]
    is_short = len(triples) <= MAX_PATTERNS
    return is_short and len(subjects) == 1 and len(set(variables)) == len(variables)


def _is_only_anchor(triples: Sequence[Triple]) -> bool:
    """Whether the engine must begin with the first: it alone has two constants, or any object."""
    others = (triple[2] for triple in triples[1:])
    return _is_anchor(triples[0]) and all(isinstance(part, str) for part in others)


def _is_anchor(triple: Triple) -> bool:
    return isinstance(triple[1], Term) and isinstance(triple[2], Term)
