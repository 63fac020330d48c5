"""``vocab-server check --shapes``: an RDF file by anybody's shapes (SHACL)."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rdflib import Graph
from rdflib.namespace import SH
from rdflib.term import Identifier

from vocab_server.quality.shacl.literals import graph_of_file
from vocab_server.quality.shacl.results import ShaclResult, report_of
from vocab_server.quality.shacl.validation import validate_files
from vocab_server.store.parsing import parse

FORMATS = ("text", "json", "ttl")


def check_by_shapes(file: Path, shapes: Path, form: str, base_iri: str) -> bool:
    """Print what breaks the shapes; whether anything of the severity sh:Violation does.

    Raises as ``parsing.parse`` and ``validate_files`` do.
    """
    with TemporaryDirectory(prefix="vocab-server-check-") as work:
        data, rules = Path(work) / "data.nt", Path(work) / "shapes.nt"
        for source, target in ((file, data), (shapes, rules)):
            parse(source, base_iri=base_iri, target=target, as_written=True)
        results = sorted(validate_files(data, rules), key=_place)
        _print(results, form, graph_of_file(rules))
    return any(found.severity == SH.Violation for found in results)


def _place(found: ShaclResult) -> tuple[str, ...]:
    path = found.path.sparql if found.path else ""
    return str(found.focus), path, str(found.component), str(found.value)


def _print(results: list[ShaclResult], form: str, shapes: Graph) -> None:
    if form == "ttl":
        click.echo(report_of(results, shapes).serialize(format="turtle").rstrip())
    elif form == "json":
        findings = [_told(found) for found in results]
        click.echo(json.dumps({"findings": findings}, ensure_ascii=False, indent=1))
    else:
        for found in results:
            told = _told(found)
            words = (told[key] for key in ("severity", "focus", "path", "value", "message"))
            click.echo(" ".join(word for word in words if word))
        click.echo(f"{len(results)} results.", err=True)


def _told(found: ShaclResult) -> dict[str, str | None]:
    return {
        "check": str(found.shape),
        "severity": str(found.severity).rpartition("#")[2].lower(),
        "focus": _written(found.focus),
        "path": found.path.sparql if found.path else None,
        "value": None if found.value is None else _written(found.value),
        "message": " ".join(map(str, found.messages)) or _component(found),
        "source": str(found.component),
    }


def _component(found: ShaclResult) -> str:
    return f"It breaks sh:{str(found.component).rpartition('#')[2]}."


def _written(term: Identifier) -> str:
    return term.n3()
