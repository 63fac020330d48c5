"""``vocab-server check --shapes``: an RDF file by anybody's shapes (SHACL)."""

import json
from pathlib import Path

import click
from rdflib import Graph
from rdflib.namespace import SH

from vocab_server.quality.check import SHACL_SEVERITY, Severity
from vocab_server.quality.shacl.files import check_by_shapes
from vocab_server.quality.shacl.results import ShaclResult, report_of, result_json

FORMATS = ("text", "json", "ttl")


def print_results(file: Path, shapes: Path, severity: Severity, form: str, base_iri: str) -> bool:
    """Print what breaks the shapes; whether anything of the severity sh:Violation does.

    What is less grave than ``severity`` is left out; severities of the shapes' own are told always.
    Raises as ``check_by_shapes`` does.
    """
    results, read = check_by_shapes((file, file.name), (shapes, shapes.name), base_iri=base_iri)
    order = list(Severity)
    less = {SHACL_SEVERITY[one] for one in order[order.index(severity) + 1 :]}
    _print([found for found in results if found.severity not in less], form, read)
    return any(found.severity == SH.Violation for found in results)


def _print(results: list[ShaclResult], form: str, shapes: Graph) -> None:
    if form == "ttl":
        click.echo(report_of(results, shapes).serialize(format="turtle").rstrip())
    elif form == "json":
        findings = [result_json(found) for found in results]
        click.echo(json.dumps({"findings": findings}, ensure_ascii=False, indent=1))
    else:
        for found in results:
            told = result_json(found)
            words = (told[key] for key in ("severity", "focus", "path", "value", "message"))
            click.echo(" ".join(word for word in words if word))
        click.echo(f"{len(results)} results.", err=True)
