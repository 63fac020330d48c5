"""What real RDF files get wrong, and how each fault is repaired (RFC 3987, RFC 5646, RDF 1.1).

Pure rules on text: the one who calls decides whether a repair is wanted. No repair adds or removes
a line, so that a line number means the same before and after.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

SHOWN = 80  # characters of a faulty text that a note repeats
MAX_NOTES = 1000  # notes on single lines; the rest is counted
# RDF/XML says by an empty xml:lang that a text has no language; the parser refuses that, so this
# private tag (RFC 5646, 2.2.7) stands in for it until the text is read.
NO_LANGUAGE = "x-vsnolang"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that is dirty in a file: where, what, and what is or was done about it.

    ``line`` counts from 1 and is None when the fault has no place; ``count`` is how often it
    occurs; ``fixed`` is whether the reader changed something.
    """

    line: int | None
    problem: str
    remedy: str
    fixed: bool
    count: int = 1


class Flaw(NamedTuple):
    """A kind of fault: in a sentence about one, in a phrase about many, and the remedy."""

    one: str
    many: str
    remedy: str


class Finding(NamedTuple):
    """A fault that was found and repaired: its kind, its line, and the faulty text."""

    flaw: Flaw
    line: int | None
    text: str

    def note(self, count: int) -> Note:
        """The note that tells that it is there ``count`` times."""
        problem = self.flaw.one.format(shown(self.text))
        return Note(self.line, problem, self.flaw.remedy, True, count)


BAD_IRI = Flaw(
    "The IRI {} has characters that no IRI may have.",
    "IRIs with characters that no IRI may have",
    "They were percent-encoded.",
)
BAD_LANGUAGE = Flaw(
    "The language tag {} has an underscore.",
    "language tags with an underscore",
    "It was written with a hyphen (RFC 5646).",
)
UNKNOWN_LANGUAGE = Flaw(
    "{} is not a language tag.",
    "language tags that are none",
    "The text was kept without a language.",
)
SURROGATES = Flaw(
    "The escape {} is half of a character.",
    "escapes that are halves of characters",
    "The halves were joined; a lone one became U+FFFD.",
)
UNDECLARED = Flaw(
    "The prefix {} is not declared.",
    "prefixes that are not declared",
    "It was given its usual meaning.",
)
NUL = Flaw("There is a NUL byte.", "NUL bytes", "It was removed.")
BAD_BYTE = Flaw(
    "The byte {} is not UTF-8.", "bytes that are not UTF-8", "It was read as Windows-1252."
)
DIRECTION = Flaw(
    "The text {} has a writing direction.",
    "texts with a writing direction",
    "The direction was left out; it follows from the language.",
)

# RFC 3987, 2.2, without what is allowed in some parts of an IRI only: private characters. The
# last two places of each plane are no characters.
_NO_CHARACTERS = "".join(
    chr(plane << 16 | place) for plane in range(1, 15) for place in (0xFFFE, 0xFFFF)
)
_BAD = (
    rf"[{_NO_CHARACTERS}"
    r"\x00-\x20<>\"{}|^`\\\x7f-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff"
    r"\U000e0000-\U000e0fff\U000f0000-\U0010ffff]|%(?![0-9A-Fa-f]{2})"
)
_BAD_IN_IRI = re.compile(_BAD)
_AFTER_AUTHORITY = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://[^/?#]*)?")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

_LANGUAGE_TAG = re.compile(  # RFC 5646, 2.1
    r"""(?:
    (?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})     # language
    (?:-[a-z]{4})?                                  # script
    (?:-(?:[a-z]{2}|[0-9]{3}))?                     # region
    (?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*        # variants
    (?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*             # extensions
    (?:-x(?:-[a-z0-9]{1,8})+)?
    |x(?:-[a-z0-9]{1,8})+
    )\Z""",
    re.IGNORECASE | re.VERBOSE,
)


def shown(text: str) -> str:
    """A piece of a file as a message repeats it: one line, not too long, quoted."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= SHOWN else line[:SHOWN] + "…"}"'


def repair_iri(iri: str) -> str:
    """The IRI with every character that it may not have percent-encoded (RFC 3987, 3.1).

    White space around it goes. A relative IRI stays relative. An IRI without a fault comes back
    as it was; some faults, such as a port that is no number, have no repair.
    """
    iri = iri.strip()
    authority = _AFTER_AUTHORITY.match(iri)
    end = authority.end() if authority else 0
    rest, hash_mark, fragment = iri[end:].partition("#")
    rest = rest.replace("[", "%5B").replace("]", "%5D")
    fragment = fragment.replace("#", "%23").replace("[", "%5B").replace("]", "%5D")
    return _BAD_IN_IRI.sub(_percent_encoded, iri[:end] + rest + hash_mark + fragment)


def _percent_encoded(match: re.Match[str]) -> str:
    return quote(match[0], safe="", errors="replace")


def repair_language(tag: str) -> str:
    """A well-formed language tag (RFC 5646, 2.1), or nothing when this text cannot be one."""
    tag = tag.replace("_", "-").strip("- \t\r\n")
    return tag if _LANGUAGE_TAG.match(tag) else ""


def language_flaw(tag: str) -> Flaw:
    """What is wrong with a tag that needed repair."""
    return BAD_LANGUAGE if repair_language(tag) else UNKNOWN_LANGUAGE


# Every token of Turtle, TriG, N3, N-Triples and N-Quads that may hold what looks like another.
TURTLE_TOKEN = re.compile(
    r"""
    \#[^\r\n]*
    | (?P<text>"{3}(?:[^"\\]|\\.|"(?!""))*"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
        | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*')
      (?:@(?P<tag>[A-Za-z0-9_-]+))?
    | <(?![<=-])(?P<iri>[^>\r\n]*)>
    | \\.
    """,
    re.VERBOSE | re.DOTALL,
)
_HALVES = re.compile(r"\\u([dD][89abAB]..)\\u([dD][c-fC-F]..)|\\u[dD][89a-fA-F]..")


def repair_turtle(text: str) -> tuple[str, list[Finding]]:
    """Turtle or one of its kin with IRIs, language tags and escapes repaired."""
    return _replaced(text, TURTLE_TOKEN, _repair_token)


def _repair_token(token: re.Match[str]) -> tuple[str, Flaw, str] | None:
    if token["iri"] is not None:
        return _repair_iriref(token["iri"])
    if token["text"] is None:
        return None
    text, tag = token["text"], token["tag"]
    if tag and not _LANGUAGE_TAG.match(tag):
        fixed = repair_language(tag)
        return f"{text}@{fixed}" if fixed else text, language_flaw(tag), tag
    if _HALVES.search(text):
        joined = _HALVES.sub(_join_halves, text)
        return joined + (f"@{tag}" if tag else ""), SURROGATES, _first(_HALVES, text)
    return None


def _repair_iriref(iri: str) -> tuple[str, Flaw, str] | None:
    plain = _ESCAPE.sub(_unescaped, iri) if "\\" in iri else iri
    fixed = repair_iri(plain)
    return None if fixed == plain else (f"<{fixed}>", BAD_IRI, iri)


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _join_halves(match: re.Match[str]) -> str:
    if not match[1]:
        return "\\uFFFD"
    code = 0x10000 + ((int(match[1], 16) - 0xD800) << 10) + int(match[2], 16) - 0xDC00
    return f"\\U{code:08X}"


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""


_TAG = re.compile(
    r"""<!--.*?--> | <!\[CDATA\[.*?\]\]> | <\?.*?\?>
    | (?P<tag><[^!?/\s"'<>](?:[^"'<>]|"[^"]*"|'[^']*')*>)""",
    re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(
    r"""(?P<head>\s(?:(?P<lang>xml:lang)
        | (?:[^\s=:"']+:)?(?:about|resource|datatype)|xml:base|xmlns(?::[^\s=]+)?)\s*=\s*)
    (?P<quote>["'])(?P<value>.*?)(?P=quote)""",
    re.DOTALL | re.VERBOSE,
)
_CHARACTER = re.compile(r"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(lt|gt|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def repair_xml(text: str) -> tuple[str, list[Finding]]:
    """RDF/XML with the IRIs and language tags in its attributes repaired."""
    findings: list[Finding] = []
    lines = _LineCounter(text)

    def repair_tag(tag: re.Match[str]) -> str:
        def repair_attribute(attribute: re.Match[str]) -> str:
            repaired = _repair_attribute(attribute)
            if repaired is None:
                return attribute[0]
            value, flaw = repaired
            line = lines.at(tag.start() + attribute.start("value"))
            findings.append(Finding(flaw, line, attribute["value"]))
            breaks = "\n" * attribute["value"].count("\n")
            return attribute["head"] + breaks + attribute["quote"] + value + attribute["quote"]

        return _ATTRIBUTE.sub(repair_attribute, tag[0]) if tag["tag"] else tag[0]

    return _TAG.sub(repair_tag, text), findings


_PIECE = re.compile(r"<!\[CDATA\[(.*?)\]\]>|<!--.*?-->|<\?(?!xml\s).*?\?>", re.DOTALL)


def join_texts(text: str) -> str:
    """XML in which no text is in pieces: without CDATA sections, comments and instructions.

    They mean nothing in RDF/XML, but the parser takes a text with one of them in it for an error.
    """
    return _PIECE.sub(_plain, text)


def _plain(piece: re.Match[str]) -> str:
    if piece[1] is None:
        return "\n" * piece[0].count("\n")
    return piece[1].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _repair_attribute(attribute: re.Match[str]) -> tuple[str, Flaw] | None:
    value = attribute["value"]
    if attribute["lang"]:
        if not value or _LANGUAGE_TAG.match(value):
            return None
        return repair_language(value) or NO_LANGUAGE, language_flaw(value)
    plain = _CHARACTER.sub(_character, value)
    fixed = repair_iri(plain)
    return None if fixed == plain else (fixed.replace("'", "&apos;"), BAD_IRI)


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    code = int(match[1]) if match[1] else int(match[2], 16)
    return "&amp;" if code == ord("&") else chr(code) if code < 0x110000 else "\ufffd"


def remove_nul(text: str) -> tuple[str, list[Finding]]:
    """The text without NUL characters, which no RDF syntax allows outside of escapes."""
    return _replaced(text, re.compile("\0+"), lambda match: ("", NUL, ""))


def declare_prefix(text: str, prefix: str, known: Mapping[str, str]) -> str | None:
    """Turtle with the prefix declared as usual, on the first line; None when it has no usual one.

    ``known`` are namespaces by prefix.
    """
    return f"@prefix {prefix}: <{known[prefix]}> . {text}" if prefix in known else None


def bad_bytes(data: bytes, position: int, end: int) -> str:
    """The bytes as Windows-1252 reads them; those that it leaves out as ISO-8859-1 does."""
    part = data[position:end]
    return part.decode("cp1252", errors="ignore") or part.decode("latin-1")


def _replaced(
    text: str,
    pattern: re.Pattern[str],
    repair: Callable[[re.Match[str]], tuple[str, Flaw, str] | None],
) -> tuple[str, list[Finding]]:
    """The text with what ``repair`` gives in the place of each match, and what it found."""
    findings: list[Finding] = []
    lines = _LineCounter(text)

    def replace(match: re.Match[str]) -> str:
        repaired = repair(match)
        if repaired is None:
            return match[0]
        findings.append(Finding(repaired[1], lines.at(match.start()), repaired[2]))
        return repaired[0]

    return pattern.sub(replace, text), findings


class _LineCounter:
    """The line numbers of positions that only grow, without counting anything twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._line = 1

    def at(self, position: int) -> int:
        """The number of the line that this position is on, from 1."""
        if position < self._position:
            return self._line - self._text.count("\n", position, self._position)
        self._line += self._text.count("\n", self._position, position)
        self._position = position
        return self._line


def notes_of(findings: Iterable[Finding]) -> Iterator[Note]:
    """A note for each finding; from MAX_NOTES on, one for each kind with its count."""
    counts = Counter(findings)
    more: Counter[Flaw] = Counter()
    for number, (finding, count) in enumerate(counts.items()):
        if number < MAX_NOTES:
            yield finding.note(count)
        else:
            more[finding.flaw] += count
    for flaw, count in more.items():
        yield Note(None, f"There are {count} more {flaw.many}.", flaw.remedy, True, count)


def summary(findings: Iterable[Finding]) -> str:
    """What was found, in a sentence for each kind: "There are 12 IRIs with …"."""
    groups: dict[Flaw, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.flaw, []).append(finding)
    return " ".join(_sentence(group) for group in groups.values())


def _sentence(group: list[Finding]) -> str:
    flaw, line, text = group[0]
    if len(group) == 1:
        return flaw.one.format(shown(text))
    example = ": ".join([*([f"line {line}"] if line else []), *([shown(text)] if text else [])])
    return f"There are {len(group)} {flaw.many}, the first of them {example}."
