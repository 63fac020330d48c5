"""JSON and GeoJSON files: read element by element, so that each has its line."""

import json
import re
from dataclasses import dataclass
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from pathlib import Path
from typing import Any

from vocab_server.quality.data.fault import Findings, Place
from vocab_server.quality.data.geojson import look_at_feature
from vocab_server.quality.data.records import Records
from vocab_server.quality.data.table import Looked

_SPACE = re.compile(r"[ \t\n\r]*")
LONGEST_INTEGER = 4_000  # digits
_MARK = b"\xef\xbb\xbf"
_GEO = re.compile(r'"type"\s*:\s*"(?:FeatureCollection|Feature)"')


def read_json(source: Path, looked: Looked, stated: str) -> tuple[str, str]:
    """Look into a JSON file; its format, json or geojson, and its encoding."""
    text, encoding = _text(source.read_bytes(), looked.findings)
    is_geo = stated == "geojson" or bool(_GEO.search(text, 0, 65_536))
    if text:
        try:
            _Reader(text, looked, is_geo).run()
        except JSONDecodeError as error:
            line = text.count("\n", 0, error.pos) + 1
            value = text[error.pos : error.pos + 20].partition("\n")[0]
            looked.findings.add("JSN-1", Place(line=line, value=value, note=error.msg))
        except RecursionError:
            looked.findings.add("JSN-2")
    return ("geojson" if is_geo else "json"), encoding


def _text(data: bytes, findings: Findings) -> tuple[str, str]:
    """A file as text; "" when it has none that could be JSON."""
    if data.startswith(_MARK):
        findings.add("ENC-3")
        data = data.removeprefix(_MARK)
    encoding = json.detect_encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        findings.add("ENC-1", Place(line=line, note="Windows-1252"))
        return data.decode("cp1252", "replace"), "cp1252"
    if encoding != "utf-8":
        findings.add("ENC-1", Place(note=encoding.upper()))
    return text, encoding


@dataclass(slots=True)
class _Lines:
    """The line of a place in a text, for places that come in order."""

    text: str
    _at: int = 0
    _line: int = 1

    def of(self, at: int) -> int:
        if at > self._at:
            self._line += self.text.count("\n", self._at, at)
            self._at = at
        return self._line


class _Reader:
    def __init__(self, text: str, looked: Looked, is_geo: bool) -> None:
        self._text, self._is_geo, self._findings = text, is_geo, looked.findings
        self._lines, self._records = _Lines(text), Records(looked)
        self._line = 1
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_int=_integer, parse_constant=self._constant
        )

    def run(self) -> None:
        """Read the whole text. Raises JSONDecodeError, RecursionError."""
        start = self._skip(0)
        if self._text.startswith("[", start):
            end = self._array(start, "")
        elif self._text.startswith("{", start):
            end = self._members(start)
        else:
            _value, end = self._decoder.raw_decode(self._text, start)
        if self._skip(end) != len(self._text):
            raise JSONDecodeError("Extra data", self._text, self._skip(end))

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _members(self, start: int) -> int:
        """Read an object whose arrays may be tables; where it ends."""
        names: dict[str, Any] = {}
        at = self._skip(start + 1)
        while not self._text.startswith("}", at):
            if not self._text.startswith('"', at):
                raise JSONDecodeError("Expecting a name in quotation marks", self._text, at)
            self._line = self._lines.of(at)
            name, at = scanstring(self._text, at + 1, True)
            if name in names:
                self._findings.add("JSN-3", Place(line=self._line, column=name))
            at = self._after(at, ":", "Expecting ':'")
            names[name], at = self._member(name, at)
            at = self._next(at, "}")
        self._look_at_whole(names)
        return at + 1

    def _member(self, name: str, at: int) -> tuple[Any, int]:
        inside = self._skip(at + 1)
        if self._text.startswith("[", at) and self._text.startswith("{", inside):
            return [], self._array(at, name)
        return self._decoder.raw_decode(self._text, at)

    def _array(self, start: int, name: str) -> int:
        """Read an array, of which each object is a record; where it ends."""
        at = self._skip(start + 1)
        while not self._text.startswith("]", at):
            self._line = self._lines.of(at)
            value, at = self._decoder.raw_decode(self._text, at)
            if isinstance(value, dict):
                self._record(name, value)
            at = self._next(at, "]")
        return at + 1

    def _next(self, at: int, end: str) -> int:
        """Where the next member or element begins, or the end stands."""
        at = self._skip(at)
        if self._text.startswith(end, at):
            return at
        at = self._after(at, ",", f"Expecting ',' or '{end}'")
        if self._text.startswith(end, at):
            raise JSONDecodeError("A comma before the end", self._text, at)
        return at

    def _after(self, at: int, sign: str, problem: str) -> int:
        at = self._skip(at)
        if not self._text.startswith(sign, at):
            raise JSONDecodeError(problem, self._text, at)
        return self._skip(at + 1)

    def _record(self, name: str, value: dict[str, Any]) -> None:
        if self._is_geo and name in ("features", ""):
            look_at_feature(value, self._findings, self._line)
            properties = value.get("properties")
            value = properties if isinstance(properties, dict) else {}
        self._records.add(name, {k: _told(v) for k, v in value.items()}, self._line)

    def _look_at_whole(self, members: dict[str, Any]) -> None:
        if not self._is_geo:
            return
        if "crs" in members:
            self._findings.add("GEO-4", Place(column="crs"))
        if members.get("type") == "Feature":
            look_at_feature(members, self._findings, 1)
        elif members.get("type") != "FeatureCollection" and "coordinates" not in members:
            self._findings.add("GEO-1", Place(column="type", note="FeatureCollection"))
        elif members.get("type") == "FeatureCollection" and "features" not in members:
            self._findings.add("GEO-1", Place(column="features", note="[…]"))

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for at, name in enumerate(names) if name in names[:at])
            self._findings.add("JSN-3", Place(line=self._line, column=twice))
        return found

    def _constant(self, text: str) -> None:
        self._findings.add("JSN-4", Place(line=self._line, value=text))


def _integer(text: str) -> int | str:
    """A whole number; longer ones than Python reads stay texts."""
    return int(text) if len(text) <= LONGEST_INTEGER else text


def _told(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
