"""Lines of N-Triples as the store writes them, read without a parser (RDF 1.1 N-Triples, 4).

Why: half a million terms as objects cost ten times what their text costs.
"""

import re

_ESCAPE = re.compile(r'\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[tbnrf"\'\\])')
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def read_literal(written: str) -> tuple[str, str]:
    """The language tag, "" when there is none, and the text of a literal."""
    text, _, rest = written[1:].rpartition('"')
    if "\\" in text:
        text = unescaped(text)
    return (rest[1:] if rest.startswith("@") else ""), text


def unescaped(text: str) -> str:
    """The text that a quoted string stands for."""
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "uU":
        return chr(int(code[1:], 16))
    return _ESCAPED.get(code, code)
