"""Concepts in a draft: found, looked at, and changed by forms; weighty acts are shown first."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from rdflib import URIRef

from vocab_server.editing.acting import (
    act_in,
    changes_of,
    refuse_stale,
)
from vocab_server.errors import ConflictError, InvalidError, NotFoundError, VocabServerError
from vocab_server.levels import opened_tree
from vocab_server.rdf.change import Change
from vocab_server.rdf.composing import read_change
from vocab_server.rdf.languages import Label
from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import bind
from vocab_server.reading import Link, lens_for, links, shown_language, view
from vocab_server.search.find import Wanted, search
from vocab_server.services import services
from vocab_server.skos.acts.concepts import created_iri
from vocab_server.skos.concepts import Concept, get_concept
from vocab_server.skos.hierarchy import Lens, items
from vocab_server.web.concept_page import list_below
from vocab_server.web.draft_access import Opened, concept_of, open_draft, seen_now, what_was_seen
from vocab_server.web.draft_findings import told_at, told_by
from vocab_server.web.draft_forms import (
    CREATING,
    INSTEAD,
    PREVIEWED,
    Asked,
    ChoiceError,
    read_operation,
)
from vocab_server.web.draft_parts import parts_at_top, parts_of
from vocab_server.web.draft_similar import Similar, is_warned, similar_names
from vocab_server.web.draft_texts import LABELS, MAPPINGS, NOTES
from vocab_server.web.error_texts import in_words
from vocab_server.web.quality_texts import SEVERITIES
from vocab_server.web.told import MOST, sentences
from vocab_server.web.tree import tree_list
from vocab_server.web.vocabularies import summary

bp = Blueprint("draft_concepts", __name__, url_prefix="/drafts/<int:number>/concepts")
RESULTS = 20  # of a search
COMMENTS = 100  # on a concept, that its page shows
LONGEST = 200  # characters that are searched for

_NOT_KEPT = ("address", "csrf_token", "warned")

_PUBLISHED = "ASK { GRAPH $graph { $iri ?property ?value } }"


@dataclass(frozen=True, slots=True)
class Failed:
    """A form that was refused: its id, why, what was typed, and the concepts to choose from.

    ``chosen_for`` is the field that they are for.
    """

    form: str = ""
    problem: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    choices: list[Link] = field(default_factory=list)
    chosen_for: str = ""

    @property
    def field(self) -> str:
        """The id of the field at fault, the first of the form where there is no other."""
        return f"{self.form}-{self.chosen_for}" if self.chosen_for in INSTEAD else self.form


@bp.get("")
def show(number: int) -> ResponseReturnValue:
    """A concept in the draft with its forms; without ``iri`` the search and the tree.

    Who may only comment sees the concept without forms.
    """
    opened = open_draft(number, to_edit=True, to_read=True)
    concept = concept_of(request.args.get("iri", ""))
    if not opened.may_edit:
        return _read_page(opened, concept)
    return _page(opened, concept)


@bp.post("")
def act(number: int) -> ResponseReturnValue:
    """Do what a form of a concept asks for, or show first what it will change."""
    opened = open_draft(number, to_edit=True)
    concept = concept_of(request.form.get("iri", ""))
    try:
        operation = read_operation(_asked(opened, concept))
        if "confirmed" not in request.form:
            similar = similar_names(opened, operation, concept)
            if operation["do"] in PREVIEWED or not is_warned(similar):
                return _preview(opened, concept, operation, similar)
        return _done(opened, concept, operation)
    except ConflictError as error:
        return _conflict(opened, concept, error)
    except InvalidError as error:
        return _page(opened, concept, _failed(error))


def _failed(error: InvalidError) -> Failed:
    form = request.form
    failed = Failed(form.get("form", ""), in_words(error), form.to_dict())
    if not isinstance(error, ChoiceError):
        return failed
    return replace(failed, choices=error.choices, chosen_for=error.field)


def _asked(opened: Opened, concept: URIRef | None) -> Asked:
    above: tuple[str, ...] = ()
    if concept is not None and request.form.get("do") == "deprecate":
        found = get_concept(lens_for(opened.draft.graph), concept)
        above = tuple(str(item.iri) for item in found.broader)
    schemes = opened.vocabulary.schemes
    scheme = str(schemes[0].iri) if schemes else None
    return Asked(request.form, opened.draft.graph, concept, above, scheme)


def _done(opened: Opened, concept: URIRef | None, operation: dict[str, Any]) -> ResponseReturnValue:
    draft = opened.draft
    made = act_in(
        services().desk(draft),
        operation,
        opened.account.name,
        seen=what_was_seen(opened),
        concepts=_touched(concept, operation),
    )
    flash(_("Nothing changed.") if made.position is None else _("Saved in the draft."))
    if operation["do"] in CREATING and made.created:
        concept = made.created[0]
    if operation["do"] == "discard":
        concept = None
    where = url_for(".show", number=draft.id, iri=concept)
    return redirect(where, HTTPStatus.SEE_OTHER)


def _touched(concept: URIRef | None, operation: dict[str, Any]) -> list[URIRef]:
    """The concepts that must be as the curator saw them; more may come under another one."""
    if operation["do"] in CREATING or concept is None:
        return []
    named = [operation.get(key) for key in ("into",)]
    return [concept, *(URIRef(iri) for iri in named if iri)]


def _planned(opened: Opened, operation: dict[str, Any]) -> Change:
    """What an operation would change, done nowhere."""
    return services().desk(opened.draft).try_out(view().store, [operation])


def _preview(
    opened: Opened, concept: URIRef | None, operation: dict[str, Any], similar: Similar
) -> ResponseReturnValue:
    log = services().drafts.branches.log(opened.draft)
    refuse_stale(log, opened.draft, what_was_seen(opened), _touched(concept, operation))
    change = _planned(opened, operation)
    lens = lens_for(opened.draft.graph)
    return render_template(
        "drafts/preview.html",
        draft=opened.draft,
        vocabulary=summary(opened.vocabulary),
        content_language=shown_language(lens),
        concept=_link(lens, concept),
        do=operation["do"],
        similar=similar,
        findings=told_by(opened, change),
        severities=SEVERITIES,
        sentences=_told(change),
        size=len(change.added) + len(change.removed),
        address=str(created_iri(change)) if operation["do"] in CREATING else "",
        action=url_for(".act", number=opened.draft.id),
        typed=[(k, v) for k, v in request.form.items() if k not in _NOT_KEPT],
    )


def _told(change: Change) -> list[Any]:
    return sentences([change])[0] if len(change.added) + len(change.removed) <= MOST else []


def _conflict(opened: Opened, concept: URIRef | None, error: ConflictError) -> ResponseReturnValue:
    """What was changed meanwhile beside what the form asks for; nothing is done."""
    drafts, lens = services().drafts, lens_for(opened.draft.graph)
    log = drafts.branches.log(opened.draft)
    meanwhile = changes_of(log, what_was_seen(opened), concept) if concept else []
    page = render_template(
        "drafts/conflict.html",
        draft=opened.draft,
        vocabulary=summary(opened.vocabulary),
        content_language=shown_language(lens),
        concept=_link(lens, concept),
        problem=in_words(error),
        theirs=sentences([read_change(change) for change in meanwhile[:RESULTS]]),
        authors=sorted({change.author for change in meanwhile}),
        ours=_ours(opened, concept),
        typed=_typed(),
        seen=seen_now(opened),
        fields={k: v for k, v in request.form.items() if k not in ("csrf_token", "seen")},
    )
    return page, HTTPStatus.CONFLICT


def _typed() -> list[Label]:
    """What somebody wrote in the form, so that it is not lost."""
    lang = request.form.get("lang", "")
    names = ("text", "notation", "reason", "first", "second", "target")
    return [Label(text, lang) for name in names if (text := request.form.get(name, ""))]


def _ours(opened: Opened, concept: URIRef | None) -> list[Any]:
    """What the form would change now; nothing when it cannot be done any more."""
    try:
        return _told(_planned(opened, read_operation(_asked(opened, concept))))
    except VocabServerError:
        return []


def _link(lens: Lens, concept: URIRef | None) -> Link | None:
    return links(items(lens, [concept]))[0] if concept is not None else None


def _page(
    opened: Opened, concept: URIRef | None, failed: Failed | None = None
) -> ResponseReturnValue:
    lens, draft, failed = lens_for(opened.draft.graph), opened.draft, failed or Failed()
    found = get_concept(lens, concept) if concept is not None else None
    paths = _paths(found) if found and found.is_concept else []
    shared: dict[str, Any] = {
        "draft": draft,
        "vocabulary": summary(opened.vocabulary),
        "content_language": shown_language(lens),
        "tree": tree_list(opened.vocabulary, opened_tree(lens, paths), current=concept or ""),
        "seen": seen_now(opened),
        "failed": failed,
        "errors": [(failed.field, failed.problem)] if failed.problem else [],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed.problem else HTTPStatus.OK
    if found is None:
        return _finding(opened, lens, shared), status
    return _forms(opened, lens, found, shared), status


def _paths(concept: Concept) -> list[list[URIRef]]:
    return [[*(item.iri for item in path), concept.iri] for path in concept.paths]


def _finding(opened: Opened, lens: Lens, shared: dict[str, Any]) -> str:
    """The search for a concept, and the forms of what is at the top."""
    query = request.args.get("q", "").strip()[:LONGEST]
    hits = _hits(lens, query) if query else []
    parts = parts_at_top(lens, opened.vocabulary)
    return render_template("drafts/find.html", query=query, hits=hits, **parts, **shared)


def _forms(opened: Opened, lens: Lens, found: Concept, shared: dict[str, Any]) -> str:
    """A concept with its forms."""
    draft = opened.draft
    return render_template(
        "drafts/concept.html",
        concept=found,
        texts=list(_texts(found)),
        notation=found.notations[0] if found.notations else "",
        broader=links(found.broader),
        related=links(found.related),
        replaced_by=links(found.replaced_by),
        findings=told_at(opened, found.iri),
        severities=SEVERITIES,
        narrower=links(list_below(lens, found)[0]),
        mapped=[Link("", m.item.label, iri=m.item.iri) for m in found.mappings],
        groups=links(found.member_of),
        comments=services().drafts.comments.page(draft.id, concept=found.iri, limit=COMMENTS)[0],
        instead=INSTEAD,
        mappings=[(m.relation, MAPPINGS[m.relation], m.item) for m in found.mappings],
        kinds={"labels": LABELS, "notes": NOTES, "mappings": MAPPINGS},
        is_published=_is_published(draft.graph, found.iri),
        paths=[links(path) for path in found.paths if path],
        **parts_of(lens, found),
        **shared,
    )


def _read_page(opened: Opened, concept: URIRef | None) -> ResponseReturnValue:
    """A concept for who may comment on the draft. Raises NotFoundError without one."""
    if concept is None:
        raise NotFoundError("Say which concept of the draft you want to see: ?iri=.")
    lens = lens_for(opened.draft.graph)
    found = get_concept(lens, concept)
    narrower = links(list_below(lens, found)[0])
    comments = services().drafts.comments
    return render_template(
        "drafts/read.html",
        draft=opened.draft,
        vocabulary=summary(opened.vocabulary),
        content_language=shown_language(lens),
        concept=found,
        texts=list(_texts(found)),
        kinds={**LABELS, **NOTES},
        relations=[
            (_("Broader concepts"), links(found.broader)),
            (ngettext("Narrower concept", "Narrower concepts", len(narrower)), narrower),
            (_("Related concepts"), links(found.related)),
            (_("Use instead:"), links(found.replaced_by)),
        ],
        paths=[links(path) for path in found.paths if path],
        comments=comments.page(opened.draft.id, concept=found.iri, limit=COMMENTS)[0],
    )


def _hits(lens: Lens, query: str) -> list[Link]:
    """The concepts of the draft that a search finds, deprecated ones too."""
    wanted = Wanted(query, (lens.graph,), stem_languages=lens.languages, deprecated=None)
    hits, _more = search(view().index, wanted, limit=RESULTS)
    known = {item.iri: item for item in items(lens, [hit.concept for hit in hits])}
    return links(known[hit.concept] for hit in hits)


def _texts(concept: Concept) -> Iterator[tuple[str, URIRef, Label]]:
    """All labels and notes: the act's noun, the property, the text."""
    for names in concept.names:
        if names.preferred:
            yield "Label", SKOS.prefLabel, names.preferred
    for kind, name in ((SKOS.altLabel, "alternative"), (SKOS.hiddenLabel, "hidden")):
        for names in concept.names:
            yield from (("Label", kind, label) for label in getattr(names, name))
    yield from (("Note", SKOS.definition, text) for text in concept.definitions)
    for kind in NOTES:
        yield from (("Note", kind, text) for text in concept.notes.get(kind, ()))


def _is_published(graph: URIRef, iri: URIRef) -> bool:
    return services().published.view().store.ask(bind(_PUBLISHED, graph=graph, iri=iri))
