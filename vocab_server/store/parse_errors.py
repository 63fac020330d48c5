"""What the parser says about a file, in words for those who do not know its grammar."""

import json
import re
import xml.parsers.expat
from itertools import islice

from vocab_server.errors import Phrase
from vocab_server.rdf.repair import NO_LANGUAGE, SHOWN, shown
from vocab_server.store.parse_input import RefusedError, Text

FORMULAS = Phrase("There are rules or formulas of Notation3, which are not data.")
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_SENTENCES = (
    (
        r"The prefix (?P<prefix>\S*): has not been declared",
        Phrase(
            'The prefix "%(prefix)s:" is used but not declared. Expected a line such as "@prefix'
            ' %(prefix)s: <http://example.org/> ." before it.'
        ),
    ),
    (
        r"No scheme found in an absolute IRI",
        Phrase("There is an IRI that does not start with a scheme such as http:"),
    ),
    (
        r"[Uu]nexpected end",
        Phrase("It ends in the middle of a statement: it may have been cut off on its way."),
    ),
    (
        r"(?s)^(?P<found>.+) is not a valid "
        r"(?P<expected>subject|predicate|RDF object|RDF value)(?P<rest>.*)",
        Phrase('"%(found)s" stands where this was expected: %(expected)s%(rest)s.'),
    ),
    (
        r"Unexpected text event: (?P<text>.*)",
        Phrase("The text %(text)s stands where only elements may be."),
    ),
    (
        r"A dot is expected",
        Phrase("Expected a dot at the end of the statement before this."),
    ),
    (r"variables are not allowed|formula", FORMULAS),
    (
        r"No LoadDocumentCallback",
        Phrase("There is a context on another server, which is not asked."),
    ),
)


def located(error: SyntaxError, text: Text) -> RefusedError:
    """The parser's error in words, with its place and what is there."""
    message = re.sub(r"^Parser error at line .*?: ", "", error.msg)
    line, column = error.lineno, error.offset
    if line is None and text.format == "xml":
        line, column, message = _xml_place(message, text)
    else:
        message = _in_words(message)
    dot = "" if message.endswith((".", "?", "!")) else "."
    found = _excerpt(text, line, column)
    if not found:
        return RefusedError("%(problem)s%(dot)s", line, column, problem=message, dot=dot)
    return RefusedError(
        "%(problem)s%(dot)s Found: %(found)s.",
        line,
        column,
        problem=message,
        dot=dot,
        found=found,
    )


def _in_words(message: str) -> Phrase:
    for pattern, sentence in _SENTENCES:
        if found := re.search(pattern, message):
            return Phrase(sentence, **found.groupdict())
    return Phrase(message)


def _xml_place(message: str, text: Text) -> tuple[int | None, int | None, Phrase]:
    """Where an error in RDF/XML is: the parser does not say."""
    parser = xml.parsers.expat.ParserCreate()
    try:
        with text.path.open("rb") as source:
            parser.ParseFile(source)
    except xml.parsers.expat.ExpatError as error:
        return (
            error.lineno,
            error.offset + 1,
            Phrase("It is not well-formed XML: %(error)s", error=error),
        )
    content = _COMMENT.sub(_only_line_ends, text.path.read_text("utf-8"))
    for found in re.finditer(r"'([^']+)'|<(\S+)>|(https?:\S+)|^(\S+)(?= is not)", message):
        whole = next(group for group in found.groups() if group)
        for wanted in (whole, ":" + re.split("[#/]", whole)[-1]):
            if line := line_of(content, wanted):
                return line, None, _in_words(message)
    return None, None, _in_words(message)


def _only_line_ends(comment: re.Match[str]) -> str:
    return "\n" * comment[0].count("\n")


def _excerpt(text: Text, wanted: int | None, column: int | None) -> str:
    """The line as it is in the file, from shortly before the column if that is far in."""
    if wanted is None:
        return ""
    with text.path.open(encoding="utf-8", errors="replace", newline="\n") as source:
        line = next(islice(source, wanted - 1, None), "")
    line = line[max(0, (column or 0) - SHOWN // 2) :].replace(NO_LANGUAGE, "")
    return shown(line) if line.strip() else ""


def line_of(content: str, wanted: str) -> int | None:
    """The line, from 1, on which a text is first, in quotation marks if anywhere in them."""
    for form in (wanted, json.dumps(wanted)[1:-1], wanted.replace("&", "&amp;")):
        position = content.find(f'"{form}"')
        position = content.find(form) if position < 0 else position
        if position >= 0:
            return content.count("\n", 0, position) + 1
    return None
