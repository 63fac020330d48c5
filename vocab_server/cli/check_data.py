"""``vocab-server check`` of a file of data: a table, JSON, GeoJSON or XML, which is no RDF."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click

from vocab_server import config
from vocab_server.operation.concept_columns import compare_columns
from vocab_server.quality.check import Severity
from vocab_server.quality.data.fault import DataReport
from vocab_server.quality.data.faults import get_fault
from vocab_server.quality.data.looking import MIB, DataLimits, Told, look_into
from vocab_server.quality.data.telling import count, lines_of, to_json
from vocab_server.services import open_services

ENDINGS = {".csv": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".xls": "xls", ".ods": "ods"}
MAYBE = {".json": "json", ".geojson": "geojson", ".xml": "xml"}  # may be RDF
START = 65_536  # bytes in which RDF shows itself
FORMATS = ("text", "json")
# Who runs this on their own machine may wait longer than a server does.
LIMITS = DataLimits(size=4096 * MIB, seconds=600, memory=8192 * MIB)


def is_data(path: Path) -> bool:
    """Whether a file is looked into as data, and not as RDF."""
    ending = path.suffix.lower()
    if ending in MAYBE:
        with path.open("rb") as file:
            start = file.read(START)
        return b'"@context"' not in start and b"rdf:RDF" not in start and b'"@graph"' not in start
    return ending in ENDINGS


def check_data(
    path: Path, severity: Severity, form: str, schema: Path | None, concepts: tuple[str, ...]
) -> NoReturn:
    """Print what is wrong with a file of data; ends with status 1 when there is a violation."""
    if form not in FORMATS:
        raise click.BadParameter(f"Of data: {' or '.join(FORMATS)}.", param_hint="--format")
    stated = (ENDINGS | MAYBE).get(path.suffix.lower(), "")
    declared = _declared(concepts)
    told = Told(stated, _schema(schema) if schema else None, declared)
    found = look_into(path, path.name, told, LIMITS)
    if declared:
        settings = config.load()
        view = open_services(settings).published.view()
        found = found.with_more(compare_columns(found, view, settings.languages))
    report = _grave(found, severity)
    if form == "json":
        click.echo(json.dumps(to_json(report), ensure_ascii=False, indent=2))
    else:
        for line in lines_of(report, str(path)):
            click.echo(line)
        counts = [f"{count(report, one)} {one}" for one in Severity]
        click.echo(f"{report.rows} rows; {', '.join(counts)}.", err=True)
    raise SystemExit(1 if count(report, Severity.VIOLATION) else 0)


def _grave(report: DataReport, severity: Severity) -> DataReport:
    """The report without what is less grave."""
    order = list(Severity)
    kept = tuple(
        found
        for found in report.findings
        if order.index(get_fault(found.fault).severity) <= order.index(severity)
    )
    return replace(report, findings=kept)


def _declared(concepts: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    pairs = [text.rpartition("=") for text in concepts]
    for column, _, vocabulary in pairs:
        if not column or not vocabulary:
            raise click.BadParameter("Write COLUMN=VOCABULARY.", param_hint="--concepts")
    return {column: (vocabulary, "") for column, _, vocabulary in pairs}


def _schema(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise click.BadParameter(f"{path} is not JSON: {error}", param_hint="--schema") from error
    if not isinstance(found, dict):
        raise click.BadParameter(f"{path} is no JSON object.", param_hint="--schema")
    return found
