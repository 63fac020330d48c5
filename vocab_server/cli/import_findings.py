"""What checks find in a file that is to be imported, told before anything is kept of it."""

from collections.abc import Sequence

from vocab_server.cli.progress import Shown
from vocab_server.editing.importing import Source
from vocab_server.quality.check import Level, Severity
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.dcat.checks import catalog_checks_of
from vocab_server.quality.files import check_file
from vocab_server.quality.report import Result


def find_in(
    source: Source, base_iri: str, shown: Shown, *, profile: str = "", fix: bool = False
) -> list[Result]:
    """What each check found that found anything or could not be run, the gravest first.

    With a ``profile`` the file is a catalog, else a vocabulary. Raises as ``check_file`` does.
    """
    checks = catalog_checks_of(profile) if profile else CHECKS
    shown.step("check")
    with check_file(
        source.path,
        file_name=source.name,
        form=source.format,
        base_iri=base_iri,
        checks=[check for check in checks if check.level is not Level.IGNORE],
        profile=profile,
        fix=fix,
        progress=shown.amount,
    ) as report:
        results = report.results()
    told = [result for result in results if result.count or result.failure]
    order = list(Severity)
    return sorted(told, key=lambda result: order.index(result.check.severity))


def told_results(results: Sequence[Result]) -> list[str]:
    """The results, a line each; says so when nothing was found."""
    if not results:
        return ["The checks found nothing."]
    return [_line(result) for result in results]


def results_as_json(results: Sequence[Result]) -> list[dict[str, object]]:
    """The results as JSON has them."""
    return [
        {
            "check": result.check.id,
            "severity": result.check.severity.value,
            "title": result.check.title.en,
            "count": result.count,
            **({"failure": result.failure} if result.failure else {}),
        }
        for result in results
    ]


def _line(result: Result) -> str:
    check = result.check
    if result.failure:
        return f"{check.id} not checked: {result.failure}"
    return f"{check.id} {check.severity}: {check.title.en} ({result.count}). {check.remedy.en}"
