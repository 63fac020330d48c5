"""Small files for tests, good and bad, with the faults that each has and where."""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

PEOPLE = {
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"required": True}},
        {"name": "name", "type": "string"},
        {"name": "born", "type": "date"},
    ],
    "primaryKey": "id",
}
HEADER = "id,name,born\n"
TREES = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "trees.csv",
    "tableSchema": {
        "columns": [
            {"name": "id", "titles": "Id", "datatype": "integer", "required": True},
            {
                "titles": {"sv": ["Art", "Slag"]},
                "datatype": {"base": "string", "format": "[A-Z].*"},
            },
            {"name": "height", "datatype": {"base": "number", "minimum": 0, "maximum": 99}},
            {"name": "planted", "datatype": {"base": "date", "format": "dd.MM.yyyy"}},
            {"name": "row", "virtual": True},
        ],
        "primaryKey": "id",
    },
}
POINT = '{"type":"Feature","geometry":{"type":"Point","coordinates":[18.07,59.33]},"properties":{"n":"a"}}'
RING = "[[18,59],[18,60],[19,60],[18,59]]"


def features(*parts: str, more: str = "") -> str:
    return '{"type":"FeatureCollection",' + more + '"features":[\n' + ",\n".join(parts) + "]}"


def polygon(ring: str) -> str:
    geometry = f'{{"type":"Polygon","coordinates":[{ring}]}}'
    return f'{{"type":"Feature","geometry":{geometry},"properties":{{"n":"p"}}}}'


def book(
    *sheets: tuple[str, list[list[Any]]], merged: str = "", at: tuple[int, int] = (0, 0)
) -> bytes:
    """A workbook with rows from a cell on in each sheet."""
    made = io.BytesIO()
    workbook = xlsxwriter.Workbook(made, {"in_memory": True})
    for name, rows in sheets:
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number + at[0], at[1], row)
        if merged:
            sheet.merge_range(merged, "together")
    workbook.close()
    return made.getvalue()


def bomb() -> bytes:
    """A workbook of some kilobytes with 30 MB in it."""
    made = io.BytesIO(book(("Data", [["a"], ["b"]])))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b" " * 30_000_000)
    return made.getvalue()


def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        opened.writestr("data.csv", "a,b\n1,2\n")
    return made.getvalue()


@dataclass(frozen=True, slots=True)
class File:
    """A file: what is in it, how it is described, and which faults it has where.

    Each place is what must be said of the first place of the fault.
    """

    name: str
    content: str | bytes | Callable[[], bytes]
    faults: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    schema: Mapping[str, Any] | None = None
    stated: str = ""
    of: str = ""

    @property
    def id(self) -> str:
        """What a test is called."""
        return "-".join(filter(None, [*self.faults, self.of, self.name]))

    def data(self) -> bytes:
        if callable(self.content):
            return self.content()
        return self.content.encode() if isinstance(self.content, str) else self.content


def numbers(count: int, odd: str) -> str:
    return "n,m\n" + "".join(f"{n},{n * 2}\n" for n in range(1, count)) + f"{count},{odd}\n"


GOOD = (
    File("people.csv", f"{HEADER}1,Anna Åström,1999-01-02\n2,Bo,2001-12-31\n", schema=PEOPLE),
    File("quoted.csv", f'{HEADER}1,"Bo ""B"", Ek\nof Ek",2001-12-31\n', schema=PEOPLE),
    File("crlf.csv", f"{HEADER}1,Bo,2001-12-31\n".replace("\n", "\r\n"), schema=PEOPLE),
    File("korean.csv", f"{HEADER}1,홍길동,2001-12-31\n2,مريم,2002-01-01\n", schema=PEOPLE),
    File("one.csv", "name\nAnna\nBo\n", schema={"fields": [{"name": "name"}]}, stated="csv"),
    File("years.csv", "place,2024,2025\nLund,1,2\nUmeå,3,4\n", schema={
        "fields": [{"name": "place"}, {"name": "2024", "type": "integer"}, {"name": "2025", "type": "integer"}]
    }),
    File("trees.csv", "Id,Slag,height,planted\n1,Lind,12.5,31.12.2020\n", schema=TREES, faults={"TAB-10": {"row": 2}}),
    File("codes.csv", "code,n\n0180,1\n0181,2\n", schema={"fields": [{"name": "code"}, {"name": "n"}]}),
    File("trail.csv", f"{HEADER}1,Bo,2001-12-31\n\n\n", schema=PEOPLE),
    File("people.xlsx", lambda: book(("People", [["id", "name", "born"], [1, "Bo", "2001-12-31"]])), schema=PEOPLE),
    File("moved.xlsx", lambda: book(("People", [["id", "name", "born"], [1, "Bo", "2001-12-31"]]), at=(2, 3)), schema=PEOPLE),
    File("objects.json", '[{"id": 1, "name": "Å"},\n {"id": 2, "name": "B"}]'),
    File("wrapped.json", '{"total": 2, "items": [{"id": 1}, {"id": 2}], "next": null}'),
    File("value.json", '"just a text"', stated="json"),
    File("empty-list.json", '{"items": []}'),
    File("places.geojson", features(POINT, polygon(RING))),
    File("feature.geojson", POINT),
    File("all.xml", '<?xml version="1.0" encoding="UTF-8"?>\n<trees><tree id="1"><kind>Lind</kind></tree></trees>'),
    File("named.xml", '<t:trees xmlns:t="urn:t"><t:tree><t:kind>Lind</t:kind></t:tree></t:trees>'),
)  # fmt: skip

BAD = (
    File("quote.csv", 'a,b\n1,2\n"3,4\n', {"CSV-1": {"row": 3, "line": 3}}),
    File("nul.csv", "a,b\n1,2\n3,\0\n", {"CSV-1": {"row": 3}}),
    File("short.csv", "a,b,c\n1,2,x\n1,2\n", {"CSV-2": {"row": 3, "note": "2 / 3"}}),
    File("long.csv", 'a,b\n"1\n2",x\n3,4,5\n', {"CSV-2": {"row": 3, "line": 4, "note": "3 / 2"}}),
    File("semicolons.csv", "a;b\n1;x\n", {"CSV-3": {"note": ";"}}),
    File("tabs.csv", "a\tb\n1\tx\n", {"CSV-3": {"note": "TAB"}}),
    File("sep.csv", "sep=;\na;b\n1;x\n", {"CSV-4": {"row": 1}, "CSV-3": {}}),
    File("latin.csv", "a,b\n1,x\n2,å\n".encode("cp1252"), {"ENC-1": {"line": 3, "note": "Windows-1252"}}),
    File("wide.csv", "a,b\n1,å\n".encode("utf-16"), {"ENC-1": {"note": "UTF-16"}}),
    File("latin.xml", '<?xml version="1.0" encoding="ISO-8859-1"?><a><b>å</b></a>'.encode("latin-1"), {"ENC-1": {"note": "ISO-8859-1"}}),
    File("garbled.csv", "a,b\n1,Ã¥ker\n", {"ENC-2": {"row": 2, "column": "b", "value": "Ã¥ker"}}),
    File("lost.json", '[{"a": 1},\n{"a": "\ufffd"}]', {"ENC-2": {"line": 2, "column": "a"}}),
    File("mark.json", b'\xef\xbb\xbf[{"a": 1}]', {"ENC-3": {}}),
    File("archive.zip", archive, {"FMT-7": {"value": "zip"}}),
    File("page.csv", "<!DOCTYPE html><html><title>Sign in</title></html>", {"FMT-5": {"value": "html"}}, stated="csv"),
    File("kind.geojson", features(POINT, '{"type":"Punkt"}'), {"GEO-1": {"line": 3, "column": "type"}}),
    File("shape.geojson", features(POINT.replace('"Point"', '"Dot"')), {"GEO-1": {"line": 2, "value": "Dot"}}),
    File("flat.geojson", features(POINT.replace("[18.07,59.33]", "18.07")), {"GEO-1": {"line": 2, "column": "coordinates"}}),
    File("none.geojson", '{"type":"FeatureCollection"}', {"GEO-1": {"column": "features"}}),
    File("metres.geojson", features(POINT, POINT.replace("18.07,59.33", "674032,6580822")), {"GEO-2": {"line": 3, "value": "[674032, 6580822]"}, "TAB-6": {"line": 3}}),
    File("open.geojson", features(polygon("[[18,59],[18,60],[19,60],[19,59]]")), {"GEO-3": {"line": 2, "value": "[19, 59]"}}),
    File("crs.geojson", features(POINT, more='"crs":{"type":"name"},'), {"GEO-4": {"column": "crs"}}),
    File("nowhere.geojson", features(POINT, '{"type":"Feature","geometry":null,"properties":{"n":"b"}}'), {"GEO-5": {"line": 3}}),
    File("empty.csv", "", {"GET-4": {}}),
    File("half.json", '[{"a": 1},\n{"a": ', {"JSN-1": {"line": 2}}),
    File("comma.json", '[{"a": 1},\n{"a": 2},\n]', {"JSN-1": {"line": 3}}),
    File("single.json", "{'a': 1}", {"JSN-1": {"line": 1, "value": "'a': 1}"}}),
    File("text.json", "no data today", {"JSN-1": {"line": 1}}, stated="json"),
    File("deep.json", "[" * 100_000, {"JSN-2": {}}),
    File("deeper.json", '{"a":' * 100_000, {"JSN-2": {}}),
    File("twice.json", '[{"a": 1},\n{"a": 1, "b": 2, "b": 3}]', {"JSN-3": {"line": 2, "column": "b"}}),
    File("nan.json", '[{"a": 1},\n{"a": NaN}]', {"JSN-4": {"line": 2, "value": "NaN"}}),
    File("fields.csv", f"{HEADER}1,Bo,2001-12-31\n", {"SCH-1": {"note": "there are neither fields nor a tableSchema with columns"}}, {"columns": []}),
    File("type.csv", "a\n1\n", {"SCH-1": {}}, {"fields": [{"name": "a", "type": "whole"}]}, "csv"),
    File("key.csv", "a\n1\n", {"SCH-1": {"note": "the key 'b' is no column"}}, {"fields": [{"name": "a"}], "primaryKey": "b"}, "csv"),
    File("regex.csv", "a\n1\n", {"SCH-1": {}}, {"fields": [{"name": "a", "constraints": {"pattern": "[A"}}]}, "csv"),
    File("other.csv", "id,namn,born\n1,Bo,2001-12-31\n", {"SCH-2": {"row": 1, "note": "name"}}, PEOPLE),
    File("value.csv", f"{HEADER}1,Bo,2001-12-31\nx,Bo,2001-13-01\n", {"SCH-3": {"row": 3, "column": "id", "value": "x", "note": "integer"}}, PEOPLE),
    File("cell.xlsx", lambda: book(("Data", [["id", "name", "born"], [1, "Bo", "then"]]), at=(1, 1)), {"SCH-3": {"row": 3, "cell": "D3", "sheet": "Data", "value": "then"}}, PEOPLE),
    File("required.csv", f"{HEADER},Bo,2001-12-31\n2,Al,2001-12-31\n3,Cy,2001-12-31\n", {"SCH-4": {"row": 2, "column": "id", "note": "required: True"}, "TAB-7": {"row": 2}}, PEOPLE),
    File("trees.csv", "Id,Art,height,planted\n1,lind,-2,2020-01-01\n", {"SCH-3": {"column": "planted"}, "SCH-4": {"row": 2, "column": "Art", "note": "pattern: [A-Z].*"}}, TREES),
    File("keys.csv", f"{HEADER}1,Bo,2001-12-31\n1,Al,2001-12-31\n", {"SCH-5": {"row": 3, "column": "id", "value": "1", "note": "2"}}, PEOPLE),
    File("headless.csv", "1,2001-12-31\n2,2001-12-30\n", {"TAB-1": {"row": 1}}),
    File("nameless.csv", "a,,c\n1,x,y\n", {"TAB-2": {"row": 1, "column": "2"}}),
    File("same.csv", "a,b,a\n1,x,y\n", {"TAB-3": {"row": 1, "column": "a"}}),
    File("hollow.csv", "a,b\n1,\n2,\n", {"TAB-4": {"column": "b"}}),
    File("gap.csv", "a,b\n1,x\n,\n2,y\n", {"TAB-5": {"row": 3}}),
    File("twin.csv", "a,b\n1,x\n2,y\n1,x\n", {"TAB-6": {"row": 4, "note": "2"}}),
    File("twin.xml", "<a>\n<b><c>1</c></b>\n<b><c>1</c></b></a>", {"TAB-6": {"line": 3, "row": 2}}),
    File("holes.csv", "a,b\n1,x\n2,y\n3,\n", {"TAB-7": {"row": 4, "column": "b", "note": "1 / 3"}}),
    File("holes.json", '[{"a":1,"b":2},\n{"a":2,"b":3},\n{"a":3}]', {"TAB-7": {"column": "b", "note": "1 / 3"}}),
    File("odd.csv", numbers(12, "many"), {"TAB-8": {"row": 13, "column": "m", "value": "many", "note": "number"}}),
    File("odd.xlsx", lambda: book(("D", [["n"], *[[n] for n in range(12)], ["some"]])), {"TAB-8": {"cell": "A14", "value": "some"}}),
    File("spaces.csv", "a,b\n1, x\n", {"TAB-9": {"row": 2, "column": "b", "value": " x"}}),
    File("dates.csv", "a,b\n1,03/04/2026\n", {"TAB-10": {"row": 2, "column": "b", "value": "03/04/2026"}}),
    File("commas.csv", "a;b\n1;3,14\n", {"TAB-11": {"row": 2, "column": "b", "value": "3,14"}, "CSV-3": {}}),
    File("title.xlsx", lambda: book(("D", [["Trees of the town"], [], ["id", "kind"], [1, "Lind"]])), {"TAB-12": {"row": 3}}),
    File("none.csv", "a,b\n", {"TAB-13": {}}),
    File("dash.csv", "a,b\n1,x\n2,-\n3,y\n", {"TAB-14": {"row": 3, "column": "b", "value": "-"}, "TAB-7": {}}),
    File("damaged.xlsx", b"PK\x03\x04 and then nothing", {"XLS-1": {}}),
    File("bomb.xlsx", bomb, {"XLS-2": {}}),
    File("sheets.xlsx", lambda: book(("A", [["a", "b"], [1, "x"]]), ("B", [["a", "b"], [1, "y"]])), {"XLS-3": {"sheet": "B"}}),
    File("merged.xlsx", lambda: book(("D", [["a", "b"], [1, "x"]]), merged="A4:B4"), {"XLS-4": {"cell": "A4", "row": 4}, "TAB-5": {"row": 3}}),
    File("cut.xml", "<a>\n<b>\n</a>", {"XML-1": {"line": 3, "note": "mismatched tag"}}),
    File("unknown.xml", '<?xml version="1.0" encoding="UTF-99"?><a><b>c</b></a>', {"XML-1": {"note": "unknown encoding: UTF-99"}, "ENC-1": {}}),
    File("entity.xml", '<!DOCTYPE a [\n<!ENTITY x "y">]><a>&x;</a>', {"XML-2": {"line": 2, "value": "x"}}),
    File("outside.xml", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', {"XML-2": {"value": "x"}}),
    File("deep.xml", "<a>" * 5_000, {"XML-3": {"line": 1}}),
)  # fmt: skip
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>'
