"""Tables that a Table Schema or CSVW metadata describes: columns, types, constraints, keys.

CSVW is read as the Table Schema that says the same, as far as the two go together; frictionless
then reads every cell.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from frictionless import FrictionlessException, Schema

from vocab_server.quality.data.fault import Findings, Place
from vocab_server.rdf.namespaces import SKOS

Where = Callable[[int | None], Place]

# CSVW datatypes that Table Schema calls otherwise (CSVW Metadata, 5.11.1); others are texts.
_TYPES = {
    "integer": "integer",
    "int": "integer",
    "long": "integer",
    "short": "integer",
    "byte": "integer",
    "nonNegativeInteger": "integer",
    "positiveInteger": "integer",
    "unsignedInt": "integer",
    "unsignedLong": "integer",
    "decimal": "number",
    "double": "number",
    "float": "number",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "dateTime": "datetime",
    "datetime": "datetime",
    "time": "time",
    "gYear": "year",
}
_BOUNDS = ("minimum", "maximum", "minLength", "maxLength")
_DATE_PARTS = {"yyyy": "%Y", "MM": "%m", "M": "%m", "dd": "%d", "d": "%d", "HH": "%H", "mm": "%M"}
_DATE_PART = re.compile("yyyy|MM|M|dd|d|HH|mm")
_BY = {str(SKOS.notation): "notation", str(SKOS.prefLabel): "label"}


@dataclass(slots=True)
class Described:
    """A table as it is described: its columns in order, each under the names that it may have."""

    names: Sequence[tuple[str, ...]]
    schema: Schema
    keys: Sequence[tuple[int, ...]] = ()
    concepts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    _order: list[int | None] = field(default_factory=list)
    _is_broken: bool = False
    _seen: list[dict[tuple[str, ...], str]] = field(default_factory=list)

    def compare(self, header: Sequence[str], findings: Findings, where: Where) -> None:
        """Note where a header is another one than described, and read rows by it from then on."""
        found = {name: at for at, name in reversed(list(enumerate(header)))}
        self._order = [
            next((found[name] for name in names if name in found), None) for names in self.names
        ]
        self._seen = [{} for _ in self.keys]
        for at, names in zip(self._order, self.names, strict=True):
            if at is None:
                findings.add("SCH-2", _noted(where(None), names[0]))
        known = {at for at in self._order if at is not None}
        for at, name in enumerate(header):
            if name and at not in known:
                findings.add("SCH-2", _noted(where(at), "", value=name))

    def read(self, cells: Sequence[str], findings: Findings, where: Where) -> None:
        """Note which cells of a row are not as described."""
        if self._is_broken:
            return
        texts = [cells[at] if at is not None and at < len(cells) else "" for at in self._order]
        try:
            _values, notes = self.schema.read_cells(texts)
        except Exception as error:  # patterns and formats of strangers, which only reading tries
            self._is_broken = True
            findings.add("SCH-1", Place(note=str(error)))
            return
        for at, told in zip(self._order, notes, strict=True):
            if at is None or not told:
                continue
            for rule, note in told.items():
                fault = "SCH-3" if rule == "type" else "SCH-4"
                value = cells[at] if at < len(cells) else ""
                findings.add(fault, _noted(where(at), _rule(note), value=value))
        self._find_same_keys(texts, findings, where)

    def _find_same_keys(self, texts: Sequence[str], findings: Findings, where: Where) -> None:
        for key, seen in zip(self.keys, self._seen, strict=True):
            value = tuple(texts[at] for at in key)
            place = where(self._order[key[0]])
            if not all(value):
                continue
            first = seen.setdefault(value, str(place.row))
            if first != str(place.row):
                findings.add("SCH-5", _noted(place, first, value=", ".join(value)))


def _noted(place: Place, note: str, value: str = "") -> Place:
    return Place(
        place.row, place.column, place.cell, place.line, place.sheet, value or place.value, note
    )


def _rule(note: str) -> str:
    """What is expected, from the words of frictionless: ``date``, ``pattern: [A-Z]``."""
    found = re.fullmatch(r'(?:constraint "(\w+)"|type) is "(.*)"', note, re.DOTALL)
    if found is None:
        return note
    rule, wanted = found.groups()
    return f"{rule}: {wanted}" if rule else wanted.removesuffix("/default")


def describe(told: Mapping[str, Any], file_name: str = "") -> Described:
    """What a Table Schema, or the CSVW metadata of a table or group of tables, says.

    ``file_name`` chooses among several tables. Raises ValueError for what is neither.
    """
    if isinstance(told.get("fields"), list):
        return _described(told)
    table = _table(told, file_name)
    schema = table.get("tableSchema") if table else None
    if not isinstance(schema, Mapping) or not isinstance(schema.get("columns"), list):
        raise ValueError("there are neither fields nor a tableSchema with columns")
    return _described(_from_csvw(schema))


def _table(told: Mapping[str, Any], file_name: str) -> Mapping[str, Any] | None:
    tables = [t for t in told.get("tables", [told]) if isinstance(t, Mapping)]
    named = [t for t in tables if str(t.get("url", "")).rpartition("/")[2] == file_name]
    return next(iter([*named, *tables]), None)


def _described(told: Mapping[str, Any]) -> Described:
    fields = [one for one in told["fields"] if isinstance(one, Mapping)]
    plain = {"fields": [_plain(one) for one in fields]}
    if "missingValues" in told:
        plain["missingValues"] = told["missingValues"]
    try:
        schema = Schema.from_descriptor(plain)
    except FrictionlessException as error:
        reasons = [one.note for one in error.reasons] or [error.error.note]
        raise ValueError("; ".join(reasons)) from error
    names = [str(one.get("name", "")) for one in fields]
    keys = [key for key in (told.get("primaryKey"), *told.get("uniqueKeys", [])) if key]
    unique = [n for n, one in zip(names, fields, strict=True) if _constraints(one).get("unique")]
    return Described(
        names=[(name, *_titles(one)) for name, one in zip(names, fields, strict=True)],
        schema=schema,
        keys=[_positions(key, names) for key in [*keys, *unique]],
        concepts={
            alias: declared
            for name, one in zip(names, fields, strict=True)
            if (declared := _declared(one)) is not None
            for alias in (name, *_titles(one))
        },
    )


def _plain(told: Mapping[str, Any]) -> dict[str, Any]:
    """A field as frictionless takes it: without what is ours, and without keys, kept apart."""
    kept = {k: v for k, v in told.items() if k in _FIELD}
    kept["constraints"] = {k: v for k, v in _constraints(told).items() if k != "unique"}
    return kept


_FIELD = {
    "name",
    "type",
    "format",
    "title",
    "decimalChar",
    "groupChar",
    "bareNumber",
    "trueValues",
    "falseValues",
    "missingValues",
}


def _constraints(told: Mapping[str, Any]) -> Mapping[str, Any]:
    found = told.get("constraints")
    return found if isinstance(found, Mapping) else {}


def _positions(key: Any, names: Sequence[str]) -> tuple[int, ...]:
    wanted = [key] if isinstance(key, str) else list(key)
    missing = [name for name in wanted if name not in names]
    if missing:
        raise ValueError(f"the key {missing[0]!r} is no column")
    return tuple(names.index(name) for name in wanted)


def _titles(told: Mapping[str, Any]) -> list[str]:
    """Other names of a column; by language or not (CSVW Metadata, 5.6)."""
    found = told.get("titles", told.get("title", []))
    if isinstance(found, Mapping):
        found = list(found.values())
    flat = found if isinstance(found, list) else [found]
    return [str(t) for part in flat for t in (part if isinstance(part, list) else [part])]


def _declared(told: Mapping[str, Any]) -> tuple[str, str] | None:
    """The vocabulary whose concepts a column holds, and what they are written by.

    Both formats take properties of other vocabularies: skos:inScheme names the vocabulary, and
    skos:notation or skos:prefLabel as rdfType or propertyUrl what they are written by.
    """
    scheme = told.get("skos:inScheme", told.get(str(SKOS.inScheme)))
    if isinstance(scheme, Mapping):
        scheme = scheme.get("@id")
    if not isinstance(scheme, str):
        return None
    by = str(told.get("propertyUrl", told.get("rdfType", "")))
    return scheme, _BY.get(by.replace("skos:", str(SKOS)), "")


def _from_csvw(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The Table Schema that says the same as a CSVW schema (CSVW Metadata, 5.5 and 5.6)."""
    columns = [one for one in schema["columns"] if not one.get("virtual")]
    found: dict[str, Any] = {"fields": [_field(one) for one in columns]}
    if "primaryKey" in schema:
        found["primaryKey"] = schema["primaryKey"]
    return found


def _field(column: Mapping[str, Any]) -> dict[str, Any]:
    name = column.get("name") or next(iter(_titles(column)), "")
    given = column.get("datatype", "string")
    datatype = {"base": given} if isinstance(given, str) else dict(given)
    base = _TYPES.get(datatype.get("base", "string"), "string")
    kept = {k: v for k, v in column.items() if k in ("titles", "propertyUrl") or "inScheme" in k}
    if "separator" in column:  # several values in a cell, which Table Schema does not have
        return {**kept, "name": name, "type": "string"}
    constraints = {bound: datatype[bound] for bound in _BOUNDS if bound in datatype}
    if column.get("required"):
        constraints["required"] = True
    return {**kept, "name": name, "type": base} | _formatted(base, datatype, constraints)


def _formatted(
    base: str, datatype: Mapping[str, Any], constraints: dict[str, Any]
) -> dict[str, Any]:
    """What the format of a datatype says, in the words of Table Schema (CSVW, 6.4)."""
    form = datatype.get("format")
    if base == "string" and form:
        constraints["pattern"] = form
    found: dict[str, Any] = {"constraints": constraints}
    if base == "number" and isinstance(form, Mapping) and "decimalChar" in form:
        found["decimalChar"] = form["decimalChar"]
    if base == "boolean" and isinstance(form, str) and "|" in form:
        yes, no = form.split("|", 1)
        found |= {"trueValues": [yes], "falseValues": [no]}
    if base == "date" and isinstance(form, str):
        found["format"] = _DATE_PART.sub(lambda part: _DATE_PARTS[part[0]], form)
    return found
