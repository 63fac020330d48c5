"""Pages on the quality of vocabularies, and on each check: what it means and what it found."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from rdflib import URIRef

from vocab_server.accounts.audit import Act, note
from vocab_server.accounts.roles import Permission
from vocab_server.catalog.profiles import PROFILES, get_profile
from vocab_server.database.findings import FindingTable
from vocab_server.database.quality import Accepted, Noting
from vocab_server.errors import InvalidError
from vocab_server.identity import by, demand_account, requires
from vocab_server.operation.checking import wanted_report
from vocab_server.quality.check import Check, Finding
from vocab_server.quality.checks import CHECKS, get_check
from vocab_server.quality.dcat.checks import catalog_checks_of
from vocab_server.quality.keeping import Wanted
from vocab_server.quality.report import Report
from vocab_server.quality.results import finding_json, measurements, to_graph
from vocab_server.quality.verdict import Row, Verdict, judge
from vocab_server.reading import (
    Link,
    Page,
    document_url,
    interface_language,
    lens_for,
    link,
    page_number,
    page_url,
    view,
    with_language,
)
from vocab_server.services import services
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.error_texts import in_words
from vocab_server.web.quality_texts import LEVELS, SEVERITIES, texts_of
from vocab_server.web.quality_trend import since_release, told_checks, trend
from vocab_server.web.vocabularies import summary

bp = Blueprint("quality", __name__)

FINDINGS = 50  # on a page
TOLD = 10_000  # findings in one JSON or RDF document
WAIT = 2.5  # seconds that a reader waits for a report before a page says that it is being made


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with the link to what it is about, and whether it is accepted.

    ``value`` is the link to the concept at fault, where one is.
    """

    finding: Finding
    href: str
    link: Link | None
    value: Link | None
    is_accepted: bool


@bp.get("/vocabularies/<identifier>/quality")
def show(identifier: str) -> ResponseReturnValue:
    """The verdict on a vocabulary, what blocks, and how much each check found."""
    vocabulary = view().vocabulary(identifier)
    report, is_old = find_report(wanted_report(services(), vocabulary))
    if report is None:
        return _being_made(vocabulary)
    verdict = verdict_on(vocabulary, report)
    page = render_template(
        "quality/show.html",
        vocabulary=summary(vocabulary),
        verdict=verdict,
        rows=[(row, texts_of(row.check)) for row in verdict.rows if row.count or row.failure],
        passed=sum(1 for row in verdict.rows if not row.count and not row.failure),
        severities=SEVERITIES,
        is_old=is_old,
        runs=trend(vocabulary, told_checks(vocabulary)),
        since=since_release(vocabulary, verdict),
    )
    return unkept(make_response(page))


@bp.get("/vocabularies/<identifier>/quality.json")
def data(identifier: str) -> ResponseReturnValue:
    """The verdict and the counts of each check; the findings of one with ``?check=``."""
    vocabulary = view().vocabulary(identifier)
    report, is_old = find_report(wanted_report(services(), vocabulary))
    if report is None:
        return not_yet(jsonify(status="being made"))
    verdict = verdict_on(vocabulary, report)
    told = {
        "id": vocabulary.id,
        "graph": vocabulary.graph,
        "current": not is_old,
        "publishable": not verdict.blocking,
        "counts": {severity.value: count for severity, count in verdict.counts.items()},
        "checks": [_told(row) for row in verdict.rows],
    }
    if "check" in request.args:
        told["findings"] = _told_findings(report, get_check(request.args["check"]))
    return unkept(jsonify(told))


@bp.get("/vocabularies/<identifier>/quality.ttl")
def rdf(identifier: str) -> ResponseReturnValue:
    """The first TOLD findings as a validation report (SHACL), with the counts of each (DQV)."""
    vocabulary = view().vocabulary(identifier)
    report, _is_old = find_report(wanted_report(services(), vocabulary))
    if report is None:
        return not_yet(Response("# being made\n", content_type="text/turtle"))
    verdict = verdict_on(vocabulary, report)
    findings: list[Finding] = []
    for row in verdict.rows:
        findings += report.page(row.check, max(TOLD - len(findings), 0))
    base = f"{services().settings.base}/checks/"
    graph = to_graph(findings, base)
    counts = {row.check: row.count for row in verdict.rows}
    for triple in measurements(vocabulary.graph, counts, base):
        graph.add(triple)
    turtle = graph.serialize(format="turtle")
    return unkept(Response(turtle, content_type="text/turtle; charset=utf-8"))


@bp.get("/vocabularies/<identifier>/quality/<check>")
def findings(identifier: str, check: str) -> ResponseReturnValue:
    """What one check found in a vocabulary, page by page."""
    return _check_page(view().vocabulary(identifier), get_check(check))


@bp.post("/vocabularies/<identifier>/quality/<check>/accept")
@requires(Permission.PUBLISH, "identifier")
def accept(identifier: str, check: str) -> ResponseReturnValue:
    """Accept a finding, or all of a check, with a reason and perhaps a last day."""
    vocabulary, found = view().vocabulary(identifier), get_check(check)
    form = request.form
    focus, reason = form.get("focus", "")[:2_000], form.get("reason", "")
    detail = " ".join(filter(None, (found.id, focus, reason)))
    try:
        services().quality.accept(
            vocabulary.graph,
            found.id,
            _identity(form.get("finding", "")),
            focus,
            reason,
            demand_account().name,
            _day(form.get("expires", "")),
            noting=noting(Act.FINDING_ACCEPTED, vocabulary.id, detail),
        )
    except InvalidError as error:
        return _check_page(vocabulary, found, in_words(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("It is accepted, and stops nothing."))
    address = url_for(".findings", identifier=identifier, check=found.id)
    return redirect(with_language(address), HTTPStatus.SEE_OTHER)


@bp.post("/vocabularies/<identifier>/quality/<check>/exceptions/<int:number>/withdraw")
@requires(Permission.PUBLISH, "identifier")
def withdraw(identifier: str, check: str, number: int) -> ResponseReturnValue:
    """Accept something no longer."""
    found = get_check(check)
    told = noting(Act.EXCEPTION_WITHDRAWN, identifier, f"{found.id} {number}")
    services().quality.withdraw(view().vocabulary(identifier).graph, number, told)
    flash(_("It is no longer accepted."))
    address = url_for(".findings", identifier=identifier, check=found.id)
    return redirect(with_language(address), HTTPStatus.SEE_OTHER)


@bp.get("/checks")
def all_checks() -> ResponseReturnValue:
    """All checks of vocabularies, or by ``?profile=`` of catalogs, with what they mean."""
    name = request.args.get("profile", "")
    profile = get_profile(name) if name else None
    checks = catalog_checks_of(profile.id) if profile else CHECKS
    return render_template(
        "quality/checks.html",
        checks=[texts_of(check) for check in checks],
        severities=SEVERITIES,
        profile=profile,
        profiles=list(PROFILES.values()),
    )


@bp.get("/checks/<check>")
def about(check: str) -> ResponseReturnValue:
    """One check: what it means, an example of wrong and of right, where it comes from."""
    found = get_check(check)
    return render_template(
        "quality/about.html",
        check=texts_of(found),
        wrong=[_example(text) for text in found.examples],
        right=[_example(text) for text in found.neighbours],
        severities=SEVERITIES,
        level=LEVELS[found.level],
    )


def noting(act: Act, target: str, detail: str) -> Noting:
    """Write into the audit trail what is done to a vocabulary, and who does it."""
    return partial(note, by=by(), act=act, target=target, detail=detail)


def find_report(wanted: Wanted) -> tuple[Report | None, bool]:
    """The report, else an earlier one (True) while it is being made, else None."""
    reports = services().reports
    found = reports.ask(wanted, WAIT)
    if found is not None:
        return found, False
    earlier = reports.earlier(wanted)
    return earlier, earlier is not None


def verdict_on(vocabulary: Vocabulary, report: Report) -> Verdict:
    """What a report means by the settings of its vocabulary."""
    table = services().quality
    return judge(report, table.settings(vocabulary.graph), table.exceptions(vocabulary.graph))


def linked(graph: URIRef, found: list[Finding], accepted: frozenset[str]) -> list[Found]:
    """The findings with links to what they are about: names are looked up all at once."""
    lens = lens_for(graph)
    named = {finding.focus for finding in found}
    named |= {finding.value for finding in found if isinstance(finding.value, URIRef)}
    shown = {iri: link(item) for iri, item in view().cards.items(lens, named).items()}
    return [
        Found(
            finding,
            with_language(page_url(finding.focus)),
            shown.get(finding.focus),
            shown.get(finding.value) if isinstance(finding.value, URIRef) else None,
            finding.identity in accepted,
        )
        for finding in found
    ]


def unkept(response: Response) -> Response:
    """The answer, which depends on more than the snapshot: it is not kept anywhere."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _check_page(vocabulary: Vocabulary, check: Check, problem: str = "") -> Response:
    report, is_old = find_report(wanted_report(services(), vocabulary))
    if report is None:
        return _being_made(vocabulary)
    row, number = verdict_on(vocabulary, report).row(check), page_number()
    total = row.count if row else 0
    exceptions = [
        one for one in services().quality.exceptions(vocabulary.graph) if one.check == check.id
    ]
    accepted = frozenset(one.identity for one in exceptions)
    found = report.page(check, FINDINGS, (number - 1) * FINDINGS)
    page = render_template(
        "quality/findings.html",
        vocabulary=summary(vocabulary),
        check=texts_of(check),
        row=row,
        level=LEVELS[row.level if row else check.level],
        page=Page(linked(vocabulary.graph, found, accepted), number, FINDINGS, total),
        exceptions=_named(exceptions),
        severities=SEVERITIES,
        errors=[("reason", problem)] if problem else [],
        typed=request.form,
        is_old=is_old,
        assignees=FindingTable(services().database).assignees(
            vocabulary.graph, [finding.identity for finding in found]
        ),
        runs=trend(vocabulary, [check]),
    )
    return unkept(make_response(page))


def _named(exceptions: list[Accepted]) -> list[tuple[Accepted, str]]:
    """The exceptions with the page of what each is about, "" for those of a whole check."""
    return [(one, document_url(one.focus) if one.focus else "") for one in exceptions]


def _being_made(vocabulary: Vocabulary) -> Response:
    page = render_template("quality/being_made.html", vocabulary=summary(vocabulary))
    return not_yet(make_response(page))


def not_yet(response: Response) -> Response:
    """The answer while a report is being made: ask again soon (RFC 9110 §15.3.3)."""
    response.status_code = HTTPStatus.ACCEPTED
    response.headers["Retry-After"] = "5"
    return unkept(response)


def _told(row: Row) -> dict[str, object]:
    return {
        "check": row.check.id,
        "title": row.check.title.said(interface_language()),
        "severity": row.check.severity.value,
        "level": row.level.value,
        "count": row.count,
        "accepted": row.accepted,
        "blocks": row.blocks,
        "source": row.check.source,
        **({"failure": row.failure} if row.failure else {}),
    }


def _told_findings(report: Report, check: Check) -> list[dict[str, object]]:
    found = report.page(check, FINDINGS, (page_number() - 1) * FINDINGS)
    return [finding_json(finding, interface_language()) for finding in found]


def _identity(text: str) -> str:
    """The identity of a finding. Raises InvalidError for what is none."""
    if text and (len(text) != 32 or not text.isascii() or not text.isalnum()):
        raise InvalidError("There is no such finding.")
    return text


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidError("Write the day as 2027-12-31.") from error


def _example(text: str) -> str:
    """Turtle, line by line from the left."""
    return "\n".join(line.strip() for line in text.strip().splitlines())
