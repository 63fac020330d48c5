"""What the checks found, to take away: the worklist as CSV and XLSX, the report, and a badge."""

import io
from collections.abc import Iterator
from itertools import islice

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vocab_server.database.findings import FindingTable
from vocab_server.operation.checking import wanted_report
from vocab_server.quality.check import Finding, Severity
from vocab_server.quality.report import Report
from vocab_server.quality.results import COLUMNS, finding_json, to_csv
from vocab_server.quality.verdict import Verdict
from vocab_server.reading import interface_language, view
from vocab_server.services import services
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.quality import find_report, not_yet, unkept, verdict_on

bp = Blueprint("quality_lists", __name__)

LISTED = 10_000  # findings in a worklist
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/vocabularies/<identifier>/quality.csv")
def csv_list(identifier: str) -> ResponseReturnValue:
    """The first LISTED findings that nobody accepted, the gravest first."""
    vocabulary = view().vocabulary(identifier)
    report, _is_old = find_report(wanted_report(services(), vocabulary))
    if report is None:
        return not_yet(Response("", content_type="text/csv"))
    verdict = verdict_on(vocabulary, report)
    data = to_csv(islice(_open(vocabulary, report, verdict), LISTED), report.results())
    return _sent(data.encode("utf-8-sig"), "text/csv; charset=utf-8", f"{identifier}-quality.csv")


@bp.get("/vocabularies/<identifier>/quality.xlsx")
def book(identifier: str) -> ResponseReturnValue:
    """The same with who looks after each, as a workbook with a filter."""
    vocabulary = view().vocabulary(identifier)
    report, _is_old = find_report(wanted_report(services(), vocabulary))
    if report is None:
        return not_yet(Response("", content_type=_XLSX))
    verdict = verdict_on(vocabulary, report)
    found = list(islice(_open(vocabulary, report, verdict), LISTED))
    return _sent(_book(vocabulary, found), _XLSX, f"{identifier}-quality.xlsx")


@bp.get("/vocabularies/<identifier>/quality.svg")
def badge(identifier: str) -> ResponseReturnValue:
    """A badge for other pages: whether the vocabulary can be released."""
    vocabulary = view().vocabulary(identifier)
    report, _is_old = find_report(wanted_report(services(), vocabulary))
    text, kind = _("being checked"), "unknown"
    if report is not None:
        verdict = verdict_on(vocabulary, report)
        text, kind = _verdict(verdict)
    drawn = render_template("quality/badge.svg", name=_("quality"), text=text, kind=kind)
    return unkept(Response(drawn, content_type="image/svg+xml; charset=utf-8"))


def _verdict(verdict: Verdict) -> tuple[str, str]:
    if verdict.blocking:
        return _("not ready"), "bad"
    if verdict.counts[Severity.VIOLATION] or verdict.counts[Severity.WARNING]:
        return _("warnings"), "fair"
    return _("in order"), "good"


def _open(vocabulary: Vocabulary, report: Report, verdict: Verdict) -> Iterator[Finding]:
    exceptions = services().quality.exceptions(vocabulary.graph)
    whole = {one.check for one in exceptions if not one.identity}
    single = {one.identity for one in exceptions}
    for row in verdict.rows:
        if row.check.id not in whole:
            for finding in report.findings(row.check):
                if finding.identity not in single:
                    yield finding


def _book(vocabulary: Vocabulary, found: list[Finding]) -> bytes:
    import xlsxwriter  # not with the others: most processes never write a workbook

    table, language = FindingTable(services().database), interface_language()
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = workbook.add_worksheet(vocabulary.id[:31])
    columns = (*COLUMNS, "assignee", "page")
    sheet.write_row(0, 0, columns, workbook.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(found), 1), len(columns) - 1)
    sheet.set_column(2, len(columns) - 1, 40)
    assignees = table.all_assignees(vocabulary.graph)
    page = f"{services().settings.base}/vocabularies/{vocabulary.id}/findings/"
    for number, finding in enumerate(found, start=1):
        told = finding_json(finding, language)
        cells = [str(told[name] or "") for name in COLUMNS]
        own = (assignees.get(finding.identity, ""), f"{page}{finding.identity}")
        for column, text in enumerate((*cells, *own)):
            sheet.write_string(number, column, text)
    workbook.close()
    return target.getvalue()


def _sent(data: bytes, content_type: str, name: str) -> Response:
    response = Response(data, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return unkept(response)
