"""Where a draft and what was published meanwhile disagree, side by side, with a choice for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from rdflib import URIRef

from vocab_server.editing.conflicts import Choice, Comparison, Conflict
from vocab_server.editing.curating import check_published
from vocab_server.editing.rebasing import find_conflicts, rebase
from vocab_server.errors import ConflictError, InvalidError
from vocab_server.rdf.change import Change
from vocab_server.reading import Link, content_language, lens_for, link, links, page_url
from vocab_server.services import services
from vocab_server.skos.hierarchy import Lens, items
from vocab_server.web.draft_access import Opened, open_draft
from vocab_server.web.draft_texts import REASONS
from vocab_server.web.error_texts import in_words
from vocab_server.web.told import MOST, Sentence, sentences
from vocab_server.web.vocabularies import summary

bp = Blueprint("draft_conflicts", __name__, url_prefix="/drafts/<int:number>/conflicts")
SHOWN = 100  # conflicts that are chosen about one by one; the others together
EDIT = "edit"  # keep what the draft has, and write it anew
CHOICES = {Choice.OURS: Choice.OURS, Choice.THEIRS: Choice.THEIRS, EDIT: Choice.OURS}


@dataclass(frozen=True, slots=True)
class Shown:
    """A conflict on the page: why, and what each side did, in words."""

    concept: Link
    reasons: list[object]
    ours: list[Sentence]
    theirs: list[Sentence]


@bp.get("")
def show(number: int) -> ResponseReturnValue:
    """The conflicts of a draft with what was published since it began."""
    return _page(open_draft(number, to_edit=True))


@bp.post("")
def settle(number: int) -> ResponseReturnValue:
    """Let the draft start from what is published now, each conflict decided as chosen."""
    opened = open_draft(number, to_edit=True)
    try:
        to_edit = _settle(opened)
    except InvalidError as error:
        return _page(opened, in_words(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    except ConflictError as error:
        return _page(open_draft(number, to_edit=True), in_words(error), HTTPStatus.CONFLICT)
    flash(_("The draft now starts from what is published."))
    if not to_edit:
        return redirect(url_for("drafts.show", number=number), HTTPStatus.SEE_OTHER)
    found = items(lens_for(opened.draft.graph), to_edit)
    names = ", ".join(item.label.text for item in found)
    flash(_("Edit now what you chose to write anew: %(names)s.", names=names))
    return redirect(page_url(str(to_edit[0])), HTTPStatus.SEE_OTHER)


def _settle(opened: Opened) -> list[URIRef]:
    """Do what was chosen; the concepts that are to be edited after it."""
    chosen = _chosen()
    choices = {iri: CHOICES[choice] for iri, choice in chosen.items()}
    drafts, log = services().drafts, services().log
    if rest := request.form.get("rest"):
        _require_choice(rest)
        compared, _seen = find_conflicts(drafts, log, opened.draft.id)
        others = {c.concept for c in compared.conflicts} - choices.keys()
        choices |= dict.fromkeys(others, CHOICES[rest])
    seen = request.form.get("seen", type=int)
    if seen is None:
        raise InvalidError("The form does not say what you compared. Load the page anew.")
    rebase(
        drafts,
        log,
        opened.draft.id,
        opened.account.name,
        choices=choices,
        seen=seen,
        check=check_published,
    )
    return [iri for iri, choice in chosen.items() if choice == EDIT]


def _chosen() -> dict[URIRef, str]:
    """The choice for each concept, as the page writes it into its fields."""
    found: dict[URIRef, str] = {}
    for name, value in request.form.items():
        if name.startswith("choice-"):
            choice, _space, concept = value.partition(" ")
            _require_choice(choice)
            found[URIRef(concept)] = choice
    return found


def _require_choice(choice: str) -> None:
    if choice not in CHOICES:
        raise InvalidError(
            "%(choice)r is no choice. Use one of: %(choices)s.",
            choice=choice,
            choices=", ".join(CHOICES),
        )


def _page(
    opened: Opened, problem: str = "", status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    draft = opened.draft
    compared, seen = find_conflicts(services().drafts, services().log, draft.id)
    shown = compared.conflicts[:SHOWN]
    lens = lens_for(draft.graph)
    page = render_template(
        "drafts/conflicts.html",
        draft=draft,
        vocabulary=summary(opened.vocabulary),
        content_language=content_language(),
        conflicts=_shown(lens, shown),
        others=len(compared.conflicts) - len(shown),
        together=_links(lens, compared),
        together_count=len(compared.together),
        has_news=seen > draft.base,
        seen=seen,
        chosen=_typed(),
        errors=[("conflict-1" if shown else "conflicts", problem)] if problem else [],
    )
    return page, status


def _links(lens: Lens, compared: Comparison) -> list[Link]:
    together = compared.together[:SHOWN]
    return links(items(lens, together)) if together else []


def _shown(lens: Lens, conflicts: tuple[Conflict, ...]) -> list[Shown]:
    """The conflicts in words; the names in one look-up for each side."""
    if not conflicts:
        return []
    ours = sentences([_short(conflict.ours) for conflict in conflicts])
    theirs = sentences([_short(conflict.theirs) for conflict in conflicts])
    named = items(lens, [conflict.concept for conflict in conflicts])
    known: Mapping[URIRef, Link] = {item.iri: link(item) for item in named}
    return [
        Shown(
            concept=known[conflict.concept],
            reasons=[REASONS[reason] for reason in conflict.reasons],
            ours=mine,
            theirs=others,
        )
        for conflict, mine, others in zip(conflicts, ours, theirs, strict=True)
    ]


def _short(change: Change) -> Change:
    """The change, or an empty one when it is too big to be told."""
    return change if len(change.added) + len(change.removed) <= MOST else Change(change.graph)


def _typed() -> dict[str, str]:
    """What was chosen in a form that was refused, so that it is not lost."""
    return {
        iri: choice for choice, _space, iri in (v.partition(" ") for v in request.form.values())
    }
