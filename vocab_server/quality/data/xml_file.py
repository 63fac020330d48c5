"""XML files: read as a stream, of which each element below the root is a record."""

from pathlib import Path
from xml.parsers import expat

from vocab_server.quality.data.fault import Findings, Place
from vocab_server.quality.data.records import Records
from vocab_server.quality.data.table import Looked

DEEPEST = 200  # elements inside each other
PIECE = 65_536  # bytes


class _StopError(Exception):
    """Reading on would do harm."""


def read_xml(source: Path, looked: Looked) -> str:
    """Look into an XML file; its encoding."""
    reader = _Reader(looked)
    parser = reader.parser
    try:
        with source.open("rb") as file:
            while piece := file.read(PIECE):
                parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        problem = expat.ErrorString(error.code) or str(error)
        looked.findings.add("XML-1", Place(line=error.lineno, note=problem))
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        looked.findings.add("XML-1", Place(line=1, note=str(error)))
    except _StopError:
        pass
    if reader.encoding != "utf-8":
        looked.findings.add("ENC-1", Place(line=1, note=reader.encoding.upper()))
    return reader.encoding


class _Reader:
    def __init__(self, looked: Looked) -> None:
        self.encoding = "utf-8"
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self._findings: Findings = looked.findings
        self._records = Records(looked)
        self._path: list[str] = []
        self._members: dict[str, str] = {}
        self._line = 1
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declared
        self.parser.EntityDeclHandler = self._entity
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = (encoding or "utf-8").lower()

    def _entity(self, name: str, *_: object) -> None:
        self._stop("XML-2", name)

    def _stop(self, fault: str, value: str) -> None:
        self._findings.add(fault, Place(line=self.parser.CurrentLineNumber, value=value))
        raise _StopError

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name.rpartition(" ")[2])
        if len(self._path) > DEEPEST:
            self._stop("XML-3", self._path[-1])
        if len(self._path) == 2:
            self._members, self._line = {}, self.parser.CurrentLineNumber
        if len(self._path) > 1:
            for key, value in attributes.items():
                self._members[f"{self._inside()}@{key.rpartition(' ')[2]}".lstrip("/")] = value

    def _inside(self) -> str:
        """The way from a record to the element that is read."""
        return "/".join(self._path[2:])

    def _text(self, text: str) -> None:
        if len(self._path) > 1 and text.strip():
            name = self._inside() or self._path[-1]
            self._members[name] = self._members.get(name, "") + text

    def _end(self, _name: str) -> None:
        if len(self._path) > 2:
            self._members.setdefault(self._inside(), "")
        elif len(self._path) == 2:
            self._records.add(self._path[-1], self._members, self._line)
        self._path.pop()
