"""What can be told from the text of a SPARQL query before it runs.

Why not by a parser: the engine's own overflows the stack, and rdflib's reads some queries
otherwise than the engine does. So this reads tokens only, in time that grows with the length of
the text, in the query process, and safety does not rest on it where that process is confined:
these checks turn hopeless queries into clear answers.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from vocab_server.errors import ForbiddenError, InvalidError

MAX_DEPTH = 200  # brackets within brackets
MAX_OPTIONAL = 100
MAX_PATTERNS = 300  # separators of triples and path steps in one group

NO_SERVICE = (
    "SERVICE is refused here, because a query that leaves this server could be used to reach "
    "other systems; fetch from each endpoint and join the answers on your side."
)

# Possessive loops, and closing quotes that may be missing: no text makes this slower than linear.
# A run is a keyword, a number, a prefixed name or a blank node (SPARQL 1.1, 19.8).
_TOKEN = re.compile(
    r"""(?P<space> [\s\ufeff]++ | \#[^\r\n]*+ )
    |   (?P<string>
          \"{3} (?: [^"\\] | \\. | "(?!"") )*+ (?: \"{3} )?
        | '{3}  (?: [^'\\] | \\. | '(?!'') )*+ (?: '{3} )?
        | "     (?: [^"\\\r\n] | \\. )*+ "?
        | '     (?: [^'\\\r\n] | \\. )*+ '? )
    |   (?P<iri> < (?: [^<>"{}|^`\\\x00-\x20] | \\u[0-9A-Fa-f]{4} | \\U[0-9A-Fa-f]{8} )*+ > )
    |   (?P<variable> [?$][\w·]++ )
    |   (?P<language> @[A-Za-z][A-Za-z0-9-]*+ )
    |   (?P<run> (?: [\w:·‿⁀%-] | \.(?=[\w:%-]) | (?<=[\w:])\\[-_~.!$&'()*+,;=/?\#@%] )++ )
    |   (?P<other> . )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
ASCII = 0x80
_OPENING, _CLOSING = ("(", "[", "{"), (")", "]", "}")
_SEPARATORS = (".", ";", ",", "/", "^")
_EXPRESSION = "e"  # a parenthesis around an expression, not around a list or a path


class Token(NamedTuple):
    """A piece of query text in lower case; ``kind`` is a group of _TOKEN.

    ``depth`` tells how many brackets are around it, ``inside`` the innermost of them.
    """

    kind: str
    text: str
    depth: int
    inside: str


def check(text: str, *, confined: bool) -> None:
    """Refuse a query that cannot end well, in words its writer can act on.

    ``confined`` tells whether the process that will run it is cut off from the network; if not,
    the text alone must be sure. Raises InvalidError, or ForbiddenError for SERVICE.
    """
    folded = text.lower()
    if calls_service(folded) if confined else says_service(folded):
        raise ForbiddenError(NO_SERVICE)
    if sum(map(text.count, "([{")) > MAX_DEPTH or sum(map(text.count, ".;,/^")) > MAX_PATTERNS:
        _check_shape(folded)
    if folded.count("optional") > MAX_OPTIONAL:
        _check_optional(folded)


def forwarded(text: str, base_iri: str | None) -> str:
    """A query as it goes to another engine, which must not read it otherwise than ours does.

    Engines differ in whether an escape of a quotation mark is read before strings and comments are
    (SPARQL 1.1, 19.2), and in whether a carriage return ends a comment. Raises InvalidError for
    escapes of ASCII characters and ForbiddenError where SERVICE may be meant.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for escape in _ESCAPE.finditer(text):
        if int(escape[1] or escape[2], 16) < ASCII:
            raise InvalidError(f"Write the character itself in the place of {escape[0]}.")
    if says_service(text):
        raise ForbiddenError(NO_SERVICE)
    return f"BASE <{base_iri}> {text}" if base_iri else text


def has_dataset_clause(text: str) -> bool:
    """Whether the query names its own dataset by FROM or FROM NAMED (SPARQL 1.1, 13.2).

    The clause stands before the pattern, outside all brackets; CONSTRUCT may have a template in
    braces before it.
    """
    folded = text.lower()
    if "from" not in folded:
        return False
    before = ""
    for token in _tokens(folded):
        if token.depth == 0:
            if token.text == "{" and not before.endswith("construct"):
                return False  # the pattern begins
            if _is_word(token, "from"):
                return True
        before = token.text
    return False


def calls_service(text: str) -> bool:
    """Whether the query has a SERVICE clause in any of the ways to read ``<``.

    The word in a literal, a comment, a variable or a name is not a clause.
    """
    folded = text.lower()
    if "service" not in folded:
        return False
    return any(_has_clause(list(_tokens(folded, careful))) for careful in (True, False))


def says_service(text: str) -> bool:
    """Whether the word stands anywhere that a SERVICE clause could be taken to start.

    For systems where the process cannot be cut off from the network: in a literal or a comment
    the word counts as well, in a variable or a prefixed name it does not.
    """
    folded = text.lower()
    if "service" not in folded:
        return False
    return calls_service(folded) or bool(_LOOSE_SERVICE.search(folded))


# Numbers and the like may stand before the word without a space: "trueSERVICE" is two tokens.
_LOOSE_SERVICE = re.compile(r"(?<![\w?$:@-])(?:[0-9][0-9.e+-]*+|true|false|undef|a)?service\b(?!:)")


def _has_clause(tokens: list[Token]) -> bool:
    before = ""
    for place, token in enumerate(tokens):
        if token.kind == "run" and "service" in token.text and before != "graph":
            following = [piece for piece in tokens[place + 1 : place + 4] if piece.text != "silent"]
            if _is_clause(token.text, following):
                return True
        before = token.text
    return False


def _is_clause(text: str, following: list[Token]) -> bool:
    """Whether a SERVICE clause goes on like this: a name, perhaps in the same run, and a group."""
    prefix, colon, _ = text.partition(":")
    if colon:
        return "service" in prefix and bool(following) and following[0].text == "{"
    named = len(following) > 1 and following[0].kind in ("iri", "variable", "run")
    return named and following[1].text == "{"


def _is_word(token: Token, word: str) -> bool:
    """Whether this ends in a keyword: the engine reads ``1FROM`` and ``ASKFROM`` as two tokens."""
    return token.kind == "run" and token.text.endswith(word) and ":" not in token.text


def _tokens(text: str, careful: bool = True) -> Iterator[Token]:
    """The tokens of a text in lower case, without space and comments.

    Carefully read, ``<`` after an operand in an expression is less-than, as the engine has it;
    otherwise it begins an IRI wherever it can (SPARQL 1.1, 19.8: the longest match).
    """
    position = 0
    around: list[str] = []
    last = Token("other", "", 0, "")
    while found := _TOKEN.match(text, position):
        kind, piece = found.lastgroup or "", found.group()
        if kind == "iri" and careful and _ends_operand(last):
            kind, piece = "other", "<"
        position += len(piece)
        if kind != "space":
            last = _placed(kind, piece, around, last)
            yield last


def _placed(kind: str, piece: str, around: list[str], last: Token) -> Token:
    """The token, with the brackets around it, which are kept up to date."""
    if piece in _CLOSING and around:
        around.pop()
    token = Token(kind, piece, len(around), around[-1] if around else "")
    if piece in _OPENING:
        around.append(_EXPRESSION if _opens_expression(token, last) else piece)
    return token


def _opens_expression(bracket: Token, before: Token) -> bool:
    """Whether a bracket is a parenthesis around an expression, not around a list or a path.

    So are those outside all groups, those in one that is, and those after a keyword or a function.
    """
    if bracket.text != "(":
        return False
    if bracket.inside in ("", _EXPRESSION):
        return True
    return before.kind == "run" and not _is_operand(before) and before.text not in ("a", "values")


def _ends_operand(token: Token) -> bool:
    """Whether ``<`` after this is less-than."""
    closes = token.text == ")"
    return token.inside == _EXPRESSION and (closes or _is_operand(token))


def _is_operand(token: Token) -> bool:
    if token.kind == "run":
        return ":" in token.text or token.text[0].isdigit() or token.text in ("true", "false")
    return token.kind in ("string", "iri", "variable", "language")


def _check_optional(text: str) -> None:
    if sum(_is_word(token, "optional") for token in _tokens(text)) > MAX_OPTIONAL:
        raise InvalidError(f"The query has more than {MAX_OPTIONAL} OPTIONAL parts; split it.")


def _check_shape(text: str) -> None:
    """Refuse what takes the engine's planner longer than any query may run.

    Only separators directly in a group count: the commas of a list of arguments and the rows of
    VALUES cost nothing.
    """
    patterns = [0]
    for token in _tokens(text):
        if token.depth >= MAX_DEPTH:
            raise InvalidError(f"The query has more than {MAX_DEPTH} brackets in each other.")
        if token.text == "{":
            patterns.append(0)
        elif token.text == "}" and len(patterns) > 1:
            patterns.pop()
        elif token.text in _SEPARATORS and token.inside in ("{", "["):
            patterns[-1] += 1
            if patterns[-1] > MAX_PATTERNS:
                raise InvalidError(
                    f"A group of the query has more than {MAX_PATTERNS} triple patterns; split it."
                )
