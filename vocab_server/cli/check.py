"""``vocab-server check``."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import click
from rdflib import URIRef

from vocab_server import config
from vocab_server.__version__ import __version__
from vocab_server.catalog.export import sized
from vocab_server.catalog.profiles import PROFILES
from vocab_server.cli.check_data import check_data, is_data
from vocab_server.cli.check_shapes import FORMATS as SHAPES_FORMATS
from vocab_server.cli.check_shapes import print_results
from vocab_server.cli.check_summary import is_grave, summary
from vocab_server.cli.progress import progress
from vocab_server.quality.apart import check_apart
from vocab_server.quality.check import Check, Finding, Level, Severity
from vocab_server.quality.checks import ALL_CHECKS, CHECKS
from vocab_server.quality.dcat.checks import catalog_checks_of
from vocab_server.quality.dcat.tagging import TAGGING_CHECKS
from vocab_server.quality.files import check_catalog, check_file
from vocab_server.quality.report import Report, Result
from vocab_server.quality.results import to_csv, to_graph, to_json, to_junit, to_sarif
from vocab_server.rdf.change import to_lines
from vocab_server.rdf.query import bind
from vocab_server.services import open_services
from vocab_server.tagging.deriving import derived_triples

BASE = "https://example.org/checked/"  # what relative addresses in a plain file begin with
FORMATS = ("text", "json", "ttl", "csv", "sarif", "junit")
_GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }"
_DATASETS = "SELECT DISTINCT ?iri WHERE { GRAPH $graph { ?iri a dcat:Dataset } }"


@click.command()
@click.argument("checked", metavar="VOCABULARY-or-FILE", required=False)
@click.option("--catalog", metavar="CATALOG", help="A catalog here, as harvesters get it.")
@click.option(
    "--profile",
    type=click.Choice(list(PROFILES)),
    help="Check a file as a catalog, by this profile of DCAT; dcat-ap for catalogs here.",
)
@click.option(
    "--shapes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check a file by these shapes (SHACL) instead, in any RDF format.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="ID",
    type=click.Choice([check.id for check in ALL_CHECKS], case_sensitive=False),
    help="Run only this check; can be given several times.",
)
@click.option(
    "--severity",
    type=click.Choice([severity.value for severity in Severity]),
    default=Severity.INFORMATION.value,
    show_default=True,
    help="Tell only what is at least so grave.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="ttl is a SHACL validation report; sarif and junit are for continuous integration.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="TAG",
    help="A language that every concept must have a preferred term in; several times.",
)
@click.option(
    "--schema",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What a file of data should be like: a Table Schema or CSVW metadata.",
)
@click.option(
    "--concepts",
    multiple=True,
    metavar="COLUMN=VOCABULARY",
    help="A column of a file of data that holds concepts of a vocabulary here; several times.",
)
def check(
    checked: str | None,
    catalog: str | None,
    profile: str | None,
    shapes: Path | None,
    only: tuple[str, ...],
    severity: str,
    form: str,
    as_json: bool,
    languages: tuple[str, ...],
    schema: Path | None,
    concepts: tuple[str, ...],
) -> None:
    """Tell what is wrong with a vocabulary or a catalog here, with an RDF file, or with data.

    A file needs no server and no data directory. CSV, XLSX, JSON, GeoJSON and XML files without RDF
    are data: each fault is told with row and column. What is gravest comes first; one line for each
    finding, and on standard error how many each check has. Exits with 1 when there is a violation,
    or a check could not be run.
    """
    if shapes is not None:
        _refuse_beside_shapes(
            {
                "--catalog": catalog,
                "--profile": profile,
                "--only": only,
                "--language": languages,
                "--schema": schema,
                "--concepts": concepts,
            }
        )
        _by_shapes(checked, shapes, Severity(severity), "json" if as_json else form)
    if (checked is None) is (catalog is None):
        raise click.UsageError("Name a vocabulary, a file or, with --catalog, a catalog.")
    path = Path(checked or "")
    if checked and not profile and path.is_file() and (schema or concepts or is_data(path)):
        check_data(path, Severity(severity), "json" if as_json else form, schema, concepts)
    if catalog is not None and profile is None:
        profile = "dcat-ap"
    known = catalog_checks_of(profile) if profile else CHECKS
    chosen = _chosen(known, only, Severity(severity))
    if catalog is not None:
        source = _catalog_report(catalog, chosen)
    else:
        source = _report(checked or "", profile or "", chosen, tuple(map(str.lower, languages)))
    with source as report:
        results = report.results()
        findings = chain.from_iterable(map(report.findings, chosen))
        _print(findings, results, "json" if as_json else form)
    raise SystemExit(int(any(map(is_grave, results))))


def _refuse_beside_shapes(given: Mapping[str, object]) -> None:
    """Refuse options that choose among our own checks, which shapes take the place of."""
    if wrong := [option for option, value in given.items() if value]:
        raise click.UsageError(
            f"{', '.join(wrong)}: not together with --shapes, which checks a file by those shapes"
            " alone. Leave out one or the other."
        )


def _by_shapes(checked: str | None, shapes: Path, severity: Severity, form: str) -> NoReturn:
    """Check a file by shapes, and end."""
    if checked is None or not Path(checked).is_file():
        raise click.BadParameter("--shapes checks a file.", param_hint="VOCABULARY-or-FILE")
    if form not in SHAPES_FORMATS:
        raise click.BadParameter(f"Use one of: {', '.join(SHAPES_FORMATS)}.", param_hint="--format")
    raise SystemExit(int(print_results(Path(checked), shapes, severity, form, BASE)))


def _chosen(known: Sequence[Check], only: tuple[str, ...], severity: Severity) -> list[Check]:
    """The checks to run, the gravest first; what is told only when asked for is left out."""
    order = list(Severity)
    if strange := set(only) - {check.id for check in known}:
        raise click.UsageError(
            f"{', '.join(sorted(strange))}: not a check of what is checked here."
        )
    wanted = [
        check
        for check in known
        if (check.id in only if only else check.level is not Level.IGNORE)
        and order.index(check.severity) <= order.index(severity)
    ]
    return sorted(wanted, key=lambda check: order.index(check.severity))


@contextmanager
def _catalog_report(catalog: str, checks: list[Check]) -> Iterator[Report]:
    """The report on a catalog, with what follows from its tags, and on those."""
    view = open_services(config.load()).published.view()
    graph = view.catalog(catalog).graph
    of_tags = [check for check in checks if check in TAGGING_CHECKS]
    checks = [check for check in checks if check not in TAGGING_CHECKS]
    datasets = [URIRef(row["iri"]) for row in view.store.select(bind(_DATASETS, graph=graph))]
    own = map(sized, view.store.lines(bind(_GRAPH, graph=graph)))
    tagged = to_lines(derived_triples(view.store, [graph], datasets))
    with check_catalog({*own, *(line.encode() for line in tagged)}, checks) as found:
        yield check_apart(found.path, snapshot=view.path, graph=str(graph), checks=of_tags)


@contextmanager
def _report(
    checked: str, profile: str, checks: list[Check], languages: tuple[str, ...]
) -> Iterator[Report]:
    path = Path(checked)
    if path.is_file():
        with (
            progress(checked) as shown,
            check_file(
                path,
                base_iri=BASE,
                checks=checks,
                languages=languages,
                profile=profile,
                progress=shown.amount,
            ) as report,
        ):
            yield report
    elif profile or "/" in checked or path.suffix:
        raise click.BadParameter(f"There is no file {checked}.", param_hint="VOCABULARY-or-FILE")
    else:
        view = open_services(config.load()).published.view()
        graph = view.vocabulary(checked).graph
        with TemporaryDirectory(prefix="vocab-server-check-") as work:
            yield check_apart(
                Path(work) / "report.sqlite",
                snapshot=view.path,
                graph=str(graph),
                checks=checks,
                languages=languages,
            )


def _print(findings: Iterator[Finding], results: list[Result], form: str) -> None:
    if form == "text":
        for line in _lines(findings, results):
            click.echo(line)
        for line in summary(results):
            click.echo(line, err=True)
    elif form == "ttl":
        graph = to_graph(findings, f"{config.load().base}/checks/")
        click.echo(graph.serialize(format="turtle").rstrip())
    elif form == "sarif":
        click.echo(to_sarif(findings, results, __version__))
    else:
        write = {"json": to_json, "csv": to_csv, "junit": to_junit}[form]
        click.echo(write(findings, results).rstrip("\n"))


def _lines(findings: Iterator[Finding], results: list[Result]) -> Iterator[str]:
    for finding in findings:
        message = " ".join(finding.message().split())
        yield f"{finding.check.id} {finding.check.severity} <{finding.focus}> {message}"
    for result in results:
        if result.failure:
            yield f"{result.check.id} not checked: {result.failure}"
