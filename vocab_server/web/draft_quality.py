"""The quality of a draft: what it brings, mends and leaves; and repairs, after a preview."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vocab_server.accounts.roles import Permission
from vocab_server.errors import ConflictError, InvalidError
from vocab_server.identity import demand_account, requires
from vocab_server.operation.checking import wanted_report
from vocab_server.quality.check import Check, Finding
from vocab_server.quality.checks import get_check
from vocab_server.quality.keeping import Wanted
from vocab_server.quality.repairing import MOST, repair
from vocab_server.quality.report import Report
from vocab_server.quality.verdict import Row
from vocab_server.rdf.change import Change, to_lines
from vocab_server.reading import Page, content_language, page_number, view
from vocab_server.services import services
from vocab_server.web.draft_access import Opened, open_draft
from vocab_server.web.error_texts import in_words
from vocab_server.web.quality import (
    FINDINGS,
    find_report,
    linked,
    unkept,
    verdict_on,
)
from vocab_server.web.quality_texts import SEVERITIES, CheckTexts, texts_of
from vocab_server.web.vocabularies import summary

bp = Blueprint("draft_quality", __name__)

SHOWN = 200  # statements of a repair that its preview shows


@dataclass(frozen=True, slots=True)
class Compared:
    """What a check finds in a draft, against what is published."""

    row: Row
    check: CheckTexts
    new: int
    mended: int

    @property
    def remaining(self) -> int:
        """What was there before, and still is."""
        return self.row.count - self.new


@bp.post("/vocabularies/<identifier>/quality/<check>/draft")
@requires(Permission.EDIT_DRAFTS, "identifier")
def begin(identifier: str, check: str) -> ResponseReturnValue:
    """Start a draft to repair in what one check finds, and show what would change."""
    vocabulary, found = view().vocabulary(identifier), get_check(check)
    title = f"{found.title.en} ({found.id})"
    draft = services().drafts.begin(vocabulary.graph, title, "", demand_account().name)
    flash(_("The draft is started. Others will not see it until you publish."))
    return redirect(url_for(".findings", number=draft.id, check=found.id), HTTPStatus.SEE_OTHER)


@bp.get("/drafts/<int:number>/quality")
def show(number: int) -> ResponseReturnValue:
    """What the draft brings, mends and leaves, by check."""
    opened = open_draft(number, to_edit=True)
    reports = _reports(opened)
    if reports is None:
        return _being_made(opened)
    own, published = reports
    new, mended = own.count_new_since(published), published.count_new_since(own)
    rows = [
        Compared(row, texts_of(row.check), new.get(row.check.id, 0), mended.get(row.check.id, 0))
        for row in verdict_on(opened.vocabulary, own).rows
    ]
    page = render_template(
        "draft_quality/show.html",
        vocabulary=summary(opened.vocabulary),
        draft=opened.draft,
        rows=[row for row in rows if row.row.count or row.new or row.mended],
        new=sum(row.new for row in rows),
        mended=sum(row.mended for row in rows),
        remaining=sum(row.remaining for row in rows),
        severities=SEVERITIES,
    )
    return unkept(make_response(page))


@bp.get("/drafts/<int:number>/quality/<check>")
def findings(number: int, check: str) -> ResponseReturnValue:
    """What one check finds in the draft, what is new first, and what a repair would change."""
    return _check_page(open_draft(number, to_edit=True), get_check(check))


@bp.post("/drafts/<int:number>/quality/<check>/repair")
def mend(number: int, check: str) -> ResponseReturnValue:
    """Make the repairs of one check a change of the draft, at most MOST at a time."""
    opened, found = open_draft(number, to_edit=True), get_check(check)
    change = _repair(opened, found)
    try:
        made = (
            services()
            .desk(opened.draft)
            .apply(change, opened.account.name, f"{found.id}: {found.remedy.en}")
        )
    except (ConflictError, InvalidError) as error:
        return _check_page(opened, found, in_words(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    if made.position is None:
        flash(_("There was nothing to repair."))
    else:
        flash(_("It is repaired, as change %(number)s of the draft.", number=made.position))
    return redirect(url_for(".show", number=number), HTTPStatus.SEE_OTHER)


def _reports(opened: Opened) -> tuple[Report, Report] | None:
    """The report on a draft and that on what is published, None while one is being made."""
    draft, graph = opened.draft, opened.vocabulary.graph
    wanted = Wanted(
        name=f"draft-{draft.id}",
        state=f"{draft.generation:06d}-{view().path.name}",
        snapshot=view().path,
        graph=str(graph),
        languages=services().quality.settings(graph).languages,
    )
    own, is_old = find_report(wanted)
    published, _is_old = find_report(wanted_report(services(), opened.vocabulary))
    if own is None or is_old or published is None:
        return None
    return own, published


def _check_page(opened: Opened, check: Check, problem: str = "") -> Response:
    reports = _reports(opened)
    if reports is None:
        return _being_made(opened)
    own, published = reports
    number, row = page_number(), verdict_on(opened.vocabulary, own).row(check)
    start = (number - 1) * FINDINGS
    new = own.new_since(published, check, FINDINGS, start)
    change = _repair(opened, check)
    page = render_template(
        "draft_quality/findings.html",
        vocabulary=summary(opened.vocabulary),
        content_language=content_language(),
        draft=opened.draft,
        check=texts_of(check),
        new=_linked(opened, new),
        page=Page(
            _linked(opened, own.page(check, FINDINGS, start)),
            number,
            FINDINGS,
            row.count if row else 0,
        ),
        removed=to_lines(change.removed)[:SHOWN],
        added=to_lines(change.added)[:SHOWN],
        size=len(change.added) + len(change.removed),
        errors=[("repair", problem)] if problem else [],
        severities=SEVERITIES,
    )
    return unkept(make_response(page))


def _linked(opened: Opened, found: list[Finding]) -> list[object]:
    return list(linked(opened.vocabulary.graph, found, frozenset()))


def _repair(opened: Opened, check: Check) -> Change:
    """What the repair of a check would change in the draft as it is now."""
    graph = opened.vocabulary.graph
    if check.repair is None:
        return Change(graph)
    reports = _reports(opened)
    found = reports[0].page(check, MOST) if reports else []
    return repair(view().store, graph, found)


def _being_made(opened: Opened) -> Response:
    page = render_template(
        "draft_quality/being_made.html",
        vocabulary=summary(opened.vocabulary),
        draft=opened.draft,
    )
    response = unkept(make_response(page, HTTPStatus.ACCEPTED))
    response.headers["Retry-After"] = "5"
    return response
