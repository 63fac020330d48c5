"""From the bytes of a foreign file to a file in UTF-8 whose format is known.

Runs in the confined process: what is here has seen no check yet.
"""

import codecs
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from vocab_server.errors import InvalidError, Phrase, TooLargeError, VocabServerError
from vocab_server.rdf.repair import BAD_BYTE, NUL, Finding, Note, bad_bytes
from vocab_server.rdf.sniffing import SAMPLE, TITLES, refuse_foreign, refuse_page, sniff

GZIP = b"\x1f\x8b"  # RFC 1952, 2.3.1
CHUNK = 1024 * 1024  # bytes
MIB = 1024 * 1024  # bytes
# The encodings that an XML declaration may name; others could be anything that Python can decode.
_ENCODING = re.compile(
    r"utf-?(8|16|16le|16be)|us-ascii|iso-?8859-\d{1,2}|latin-?[19]|windows-125\d|cp125\d"
    r"|koi8-[ru]|macintosh|shift_jis|euc-(jp|kr)|gb(k|2312|18030)|big5",
    re.IGNORECASE,
)
_DECLARED = re.compile(rb"""(<\?xml[^>]{0,200}?\sencoding\s*=\s*["'])([A-Za-z0-9._-]+)(["'])""")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TWICE_ENCODED = b"\xc3\x83\xc2"  # the UTF-8 of "Ã" and what often follows it


class RefusedError(Exception):
    """The file cannot be read: why, and where. ``kind`` is the error that the caller gets.

    ``line`` and ``column`` count from 1. ``told`` is the sentence with its values.
    """

    def __init__(
        self,
        template: str,
        /,
        line: int | None = None,
        column: int | None = None,
        kind: type[VocabServerError] = InvalidError,
        **values: object,
    ) -> None:
        self.told = Phrase(template, **values)
        super().__init__(self.told)
        self.line = line
        self.column = column
        self.kind = kind


@dataclass(slots=True)
class Text:
    """A file in UTF-8 without byte order mark, what was found on the way, and what was repaired."""

    path: Path
    format: str = ""
    encoding: str = "UTF-8"
    notes: list[Note] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def prepare(
    source: Path, work: Path, *, given: str | None, named: str | None, fix: bool, size: int
) -> Text:
    """The file as text, ready to be parsed.

    ``given`` is the format that somebody who knows says, ``named`` the one that the file's name
    tells. New files are made in ``work``; none is larger than ``size`` bytes. Raises RefusedError
    for what is no text, and UnknownFormatError for what is no RDF.
    """
    with source.open("rb") as stream:
        start = stream.read(4096)
    if not start:
        raise RefusedError("The file is empty.")
    text = Text(source)
    if start.startswith(GZIP):
        _unpack(text, work / "unpacked", size)
        with text.path.open("rb") as stream:
            start = stream.read(4096)
    if text.path.stat().st_size > size:
        raise RefusedError("It is larger than %(size)s MiB.", kind=TooLargeError, size=size // MIB)
    refuse_foreign(start)
    _decode(text, start, work / "text", fix)
    _set_format(text, given, named)
    return text


def _unpack(text: Text, target: Path, size: int) -> None:
    """Expand gzip (RFC 1952), which may be several packed files one after the other."""
    with text.path.open("rb") as packed, target.open("wb") as plain:
        try:
            written = 0
            for piece in _unpacked(packed, text):
                written += plain.write(piece)
                if written > size:
                    raise RefusedError(
                        "It unpacks to more than %(size)s MiB.",
                        kind=TooLargeError,
                        size=size // MIB,
                    )
        except zlib.error as error:
            raise RefusedError(
                "The gzip data is damaged. Get the file from its publisher again."
            ) from error
    text.path = target


def _unpacked(packed: BinaryIO, text: Text) -> Iterator[bytes]:
    data = packed.read(CHUNK)
    while data:
        if not data.startswith(GZIP):
            left = len(data) + len(packed.read())
            problem = f"{left} bytes follow the end of the gzip data."
            text.notes.append(Note(None, problem, "They were ignored.", True))
            return
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            if not data:
                raise RefusedError(
                    "It ends in the middle of the gzip data: it was cut off on its way. "
                    "Get it from its publisher again."
                )
            yield member.decompress(data, CHUNK)
            data = member.unconsumed_tail or (b"" if member.eof else packed.read(CHUNK))
        data = member.unused_data or packed.read(CHUNK)


def _decode(text: Text, start: bytes, target: Path, fix: bool) -> None:
    """Make the text UTF-8 without byte order mark, if it is not yet."""
    mark, encoding = next(
        ((mark, name) for mark, name in _BYTE_ORDER_MARKS if start.startswith(mark)),
        (b"", _encoding_without_mark(start)),
    )
    text.encoding = _title(encoding)
    if mark:
        problem = f"The file starts with a byte order mark ({text.encoding})."
        text.notes.append(Note(1, problem, "It was left out.", True))
    declared = _DECLARED.match(start[len(mark) :])
    if encoding == "utf-8" and not mark and (not declared or declared[2].lower() == b"utf-8"):
        _check_utf_8(text, target, fix)
        return
    if not mark:
        problem = f"The file is in {text.encoding}."
        text.notes.append(Note(1, problem, "It was converted to UTF-8.", True))
    _transcode(text, target, len(mark), encoding)
    _check_utf_8(text, target.with_suffix(".clean"), fix)


def _title(encoding: str) -> str:
    """The encoding as people write it."""
    name = codecs.lookup(encoding).name.upper()
    name = re.sub(r"^ISO8859-", "ISO-8859-", re.sub(r"^CP(?=125)", "Windows-", name))
    return name.removesuffix("-LE").removesuffix("-BE")


def _encoding_without_mark(start: bytes) -> str:
    """The encoding that an XML declaration names, or that zero bytes give away, or UTF-8."""
    if start[1:2] == b"\0" and start[3:4] == b"\0":
        return "utf-16-le"
    if start[:1] == b"\0" and start[2:3] == b"\0":
        return "utf-16-be"
    declared = _DECLARED.match(start)
    name = declared[2].decode() if declared else "utf-8"
    if not _ENCODING.fullmatch(name):
        raise RefusedError(
            'The encoding "%(name)s" is not known here. Save it as UTF-8.', 1, name=name
        )
    # A text that names UTF-16 in single bytes is not in UTF-16.
    name = "utf-8" if re.match("utf-?16", name, re.IGNORECASE) else name
    return codecs.lookup(name).name


def _transcode(text: Text, target: Path, skip: int, encoding: str) -> None:
    # ISO-8859-1 on the web means Windows-1252, which is the same but for 32 controls
    # (WHATWG Encoding Standard, 4.2).
    name = "cp1252" if encoding in {"iso8859-1", "ascii"} else encoding
    decoder = codecs.getincrementaldecoder("utf-8" if name == "utf-8" else name)(
        "surrogateescape" if name == "utf-8" else "replace"
    )
    lossy = 0
    with text.path.open("rb") as source, target.open("wb") as plain:
        source.seek(skip)
        first = True
        while True:
            data = source.read(CHUNK)
            piece = decoder.decode(data, final=not data)
            lossy += piece.count("\ufffd")
            encoded = piece.encode(errors="surrogateescape")
            plain.write(_DECLARED.sub(rb"\1UTF-8\3", encoded, count=1) if first else encoded)
            first = False
            if not data:
                break
    if lossy:
        problem = f"{lossy} characters could not be read as {text.encoding}."
        text.notes.append(Note(None, problem, "U+FFFD stands for each.", True, lossy))
    text.path = target


def _check_utf_8(text: Text, target: Path, fix: bool) -> None:
    """Find bytes that are not UTF-8, and NUL bytes; rewrite them when that is wanted."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    twice = line = 0
    with text.path.open("rb") as source:
        while True:
            data = source.read(CHUNK)
            try:
                decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                at = line + error.object.count(b"\n", 0, error.start) + 1
                _refuse_or_clean(text, target, fix, at, error.object[error.start])
                return
            if b"\0" in data:
                at = line + data.count(b"\n", 0, data.index(b"\0")) + 1
                _refuse_or_clean(text, target, fix, at, 0)
                return
            twice += data.count(_TWICE_ENCODED)
            line += data.count(b"\n")
            if not data:
                break
    if twice:
        problem = "Texts look as if UTF-8 had been read as another encoding (Ã¤ for ä)."
        text.notes.append(Note(None, problem, "They were kept as they are.", False, twice))


def _refuse_or_clean(text: Text, target: Path, fix: bool, line: int, byte: int) -> None:
    if fix:
        _clean(text, target)
    elif byte:
        raise RefusedError(
            "The byte 0x%(byte)s is not UTF-8, and nothing says what encoding the file is in. Save"
            " it as UTF-8, or run again with --fix to read such bytes as Windows-1252.",
            line,
            byte=f"{byte:02X}",
        )
    else:
        raise RefusedError(
            "There is a NUL byte, which no text has. Run again with --fix to remove such bytes.",
            line,
        )


def _clean(text: Text, target: Path) -> None:
    data = text.path.read_bytes()
    position, line = 0, 1

    def handle(error: UnicodeError) -> tuple[str, int]:
        nonlocal position, line
        if not isinstance(error, UnicodeDecodeError):
            raise error
        line += data.count(b"\n", position, error.start)
        position = error.start
        text.findings.append(Finding(BAD_BYTE, line, f"0x{data[error.start]:02X}"))
        return bad_bytes(data, error.start, error.end), error.end

    codecs.register_error("vocab-server", handle)
    plain = data.decode("utf-8", errors="vocab-server")
    for number, content in enumerate(plain.split("\n") if "\0" in plain else [], 1):
        if "\0" in content:
            text.findings.append(Finding(NUL, number, ""))
    target.write_bytes(plain.replace("\0", "").encode())
    if text.findings and text.findings[0].flaw is BAD_BYTE:
        text.encoding = "Windows-1252"
    text.path = target


def _set_format(text: Text, given: str | None, named: str | None) -> None:
    with text.path.open("rb") as stream:
        sample = stream.read(SAMPLE).decode("utf-8", errors="ignore")
    refuse_page(sample)
    text.format = found = given or sniff(sample, named)
    if given is None and named is not None and named != found:
        problem = f"The name says {TITLES[named]}, but the content is {TITLES[found]}."
        text.notes.append(Note(None, problem, f"It was read as {TITLES[found]}.", True))
