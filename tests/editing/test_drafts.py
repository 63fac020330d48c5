import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rdflib import Literal, URIRef

from tests.editing.processes import BASE
from tests.strategies import CONCEPTS
from vocab_server.accounts.roles import Permission
from vocab_server.database.drafts import Draft
from vocab_server.editing.workflow import State
from vocab_server.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from vocab_server.rdf.change import Change, FileChange, to_lines
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.rdf.query import bind
from vocab_server.search.lists import count_names
from vocab_server.services import Services
from vocab_server.views import DRAFT_VIEWS

GRAPH = URIRef(f"{BASE}/vocabularies/animals")
DOG, CAT, *_ = CONCEPTS
ALL = frozenset(Permission)
HELD = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }"


def label(text: str, language: str = "en", of: URIRef = DOG) -> tuple:
    return (of, SKOS.prefLabel, Literal(text, lang=language))


def add(*triples: tuple) -> Change:
    return Change(GRAPH, frozenset(triples))


def rename(old: str, new: str) -> Change:
    return Change(GRAPH, frozenset({label(new)}), frozenset({label(old)}))


@pytest.fixture
def desk(services: Services) -> Iterator[Services]:
    """Services with a published dog."""
    services.writer.commit([add((DOG, RDF.type, SKOS.Concept), label("dog"))], "me", "Dog")
    yield services


@pytest.fixture
def draft(desk: Services) -> Draft:
    return desk.drafts.begin(GRAPH, "Hounds", "All dogs are hounds", "anna")


def seen(desk: Services, draft: Draft) -> set[str]:
    """What readers of a draft see."""
    found = desk.draft_views.view(draft).store.construct(bind(HELD, graph=GRAPH))
    return set(to_lines(found))


def published(desk: Services) -> set[str]:
    return set(to_lines(desk.published.view().store.construct(bind(HELD, graph=GRAPH))))


def test_a_draft_starts_as_what_is_published(desk: Services, draft: Draft) -> None:
    assert seen(desk, draft) == published(desk)
    view = desk.draft_views.view(draft)
    assert count_names(view.index, GRAPH, "en") == view.statistics(GRAPH).concepts == 1
    assert (draft.state, draft.author, draft.base) == (State.OPEN, "anna", 1)


def test_a_change_is_seen_in_the_draft_only(desk: Services, draft: Draft) -> None:
    before = published(desk)
    details = {"kind": "label", "concept": str(DOG)}
    change = add(label("cat", of=CAT))
    assert desk.drafts.commit(draft.id, change, "anna", "Cat", details) == 1
    assert desk.drafts.commit(draft.id, rename("dog", "hound"), "bo", "Hound") == 2
    assert published(desk) == before
    assert seen(desk, draft) == set(
        to_lines([(DOG, RDF.type, SKOS.Concept), label("hound"), label("cat", of=CAT)])
    )
    assert count_names(desk.draft_views.view(draft).index, GRAPH, "en") == 2
    changes, total = desk.drafts.branches.log(draft).page(limit=10)
    assert [(c.author, c.message, c.details) for c in changes] == [
        ("anna", "Cat", details),
        ("bo", "Hound", {}),
    ]
    assert total == 2


def test_drafts_do_not_see_each_other(desk: Services, draft: Draft) -> None:
    other = desk.drafts.begin(GRAPH, "Other", "", "bo")
    desk.drafts.commit(draft.id, rename("dog", "hound"), "anna", "Hound")
    desk.drafts.commit(other.id, rename("dog", "mutt"), "bo", "Mutt")
    assert to_lines([label("hound")])[0] in seen(desk, draft)
    assert to_lines([label("mutt")])[0] in seen(desk, other)


def test_what_is_published_meanwhile_is_not_in_the_draft(desk: Services, draft: Draft) -> None:
    before = seen(desk, draft)
    desk.writer.commit([add(label("hund", "sv"))], "me", "Swedish")
    assert seen(desk, draft) == before
    desk.drafts.commit(draft.id, rename("dog", "hound"), "anna", "Hound")
    assert len(seen(desk, draft)) == len(before)


def test_what_a_change_removes_must_be_there(desk: Services, draft: Draft) -> None:
    desk.drafts.commit(draft.id, rename("dog", "hound"), "anna", "Hound")
    with pytest.raises(ConflictError, match="No longer there") as caught:
        desk.drafts.commit(draft.id, rename("dog", "mutt"), "bo", "Mutt")
    assert caught.value.statements == tuple(to_lines([label("dog")]))
    assert desk.drafts.branches.log(draft).last() == draft.base + 1


def test_an_act_is_made_from_the_draft_as_it_is(desk: Services, draft: Draft) -> None:
    query = bind(
        "SELECT ?l WHERE { GRAPH $graph { $dog skos:prefLabel ?l } }", graph=GRAPH, dog=DOG
    )
    for _ in range(3):
        desk.drafts.commit(
            draft.id,
            lambda store: rename(
                str(store.select(query)[0]["l"]), f"{store.select(query)[0]['l']}!"
            ),
            "anna",
            "Louder",
        )
    assert to_lines([label("dog!!!")])[0] in seen(desk, draft)


def test_a_change_of_nothing_is_none(desk: Services, draft: Draft) -> None:
    assert desk.drafts.commit(draft.id, add(label("dog")), "anna", "Again") is None
    assert desk.drafts.branches.log(draft).page(limit=1) == ([], 0)


def test_another_vocabulary_is_not_changed_in_a_draft(desk: Services, draft: Draft) -> None:
    other = Change(URIRef(f"{BASE}/vocabularies/other"), frozenset({label("x")}))
    with pytest.raises(ValueError, match="only"):
        desk.drafts.commit(draft.id, other, "anna", "Elsewhere")
    assert desk.drafts.commit(draft.id, add(label("hund", "sv")), "anna", "Here") == 1


def test_a_big_file_is_taken_into_a_draft(desk: Services, draft: Draft, tmp_path: Path) -> None:
    added, removed = tmp_path / "added.nt", tmp_path / "removed.nt"
    added.write_text(
        "".join(
            f'<{BASE}/{n}> <{SKOS.prefLabel}> "a label of some length {n}"@en .\n'
            for n in range(12_000)
        )
    )
    removed.touch()
    assert added.stat().st_size > 1_000_000
    desk.drafts.commit(draft.id, FileChange(GRAPH, added, removed), "anna", "Many")
    view = desk.draft_views.view(draft)
    assert view.statistics(GRAPH).triples == 12_002
    assert desk.drafts.undo(draft.id, 1, "anna", "None of them") == 2
    assert seen(desk, draft) == published(desk)


# What may get lost of a branch while no server runs; only the log has to stay.
LOSSES: dict[str, Callable[[Path], object]] = {
    "the branch": shutil.rmtree,
    "the store": lambda branch: shutil.rmtree(branch / "store"),
    "the end of the store": lambda branch: (branch / "store/CURRENT").write_text("x"),
    "the index": lambda branch: shutil.rmtree(branch / "index"),
    "the statistics": lambda branch: (branch / "statistics.json").unlink(),
    "the snapshots": lambda branch: shutil.rmtree(branch / "snapshots"),
    "the end of a snapshot": lambda branch: [
        (path / "statistics.json").write_text('{"posi') for path in branch.glob("snapshots/0*")
    ],
}


@pytest.mark.parametrize("is_moved", [False, True], ids=["still", "moved on"])
@pytest.mark.parametrize("loss", LOSSES)
def test_what_is_lost_of_a_branch_is_made_again(
    desk: Services, draft: Draft, loss: str, is_moved: bool
) -> None:
    desk.drafts.commit(draft.id, add(label("cat", of=CAT)), "anna", "Cat")
    desk.drafts.commit(draft.id, rename("dog", "hound"), "bo", "Hound")
    before = seen(desk, draft)
    desk.draft_views.close()
    if is_moved:
        desk.writer.commit([rename("dog", "canine")], "me", "Canine")
        desk.writer.commit([add(label("mus", "sv", CONCEPTS[2]))], "me", "Mouse")
        other = Change(URIRef(f"{BASE}/other"), frozenset({label("hund", "sv")}))
        desk.writer.commit([other], "me", "Other")
        desk.writer.commit([rename("canine", "wolf")], "me", "Wolf")
    LOSSES[loss](desk.settings.data / "drafts" / f"{draft.id}-1")
    assert seen(desk, draft) == before
    view = desk.draft_views.view(draft)
    assert view.statistics(GRAPH).triples == len(before)
    assert count_names(view.index, GRAPH, "en") == 2
    assert URIRef(f"{BASE}/other") not in view.graphs
    desk.drafts.commit(draft.id, rename("hound", "mutt"), "bo", "Mutt")
    assert to_lines([label("mutt")])[0] in seen(desk, draft)


def test_an_undone_change_is_as_if_it_had_not_been(desk: Services, draft: Draft) -> None:
    desk.drafts.commit(draft.id, rename("dog", "hound"), "anna", "Hound")
    after = seen(desk, draft)
    desk.drafts.commit(draft.id, add(label("hund", "sv")), "anna", "Swedish")
    assert desk.drafts.undo(draft.id, 2, "bo", "Undo Swedish") == 3
    assert seen(desk, draft) == after
    assert desk.drafts.undo(draft.id, 3, "bo", "Redo Swedish") == 4
    assert desk.drafts.undo(draft.id, 1, "bo", "Undo Hound") == 5
    assert seen(desk, draft) == published(desk) | set(to_lines([label("hund", "sv")]))


def test_an_undo_that_no_longer_applies_tells_why(desk: Services, draft: Draft) -> None:
    desk.drafts.commit(draft.id, rename("dog", "hound"), "anna", "Hound")
    desk.drafts.commit(draft.id, rename("hound", "dog"), "anna", "Dog")
    with pytest.raises(ConflictError, match=r"No longer there: .*hound.*There again: .*dog") as e:
        desk.drafts.undo(draft.id, 1, "anna", "Undo")
    assert e.value.statements == (*to_lines([label("hound")]), *to_lines([label("dog")]))
    with pytest.raises(NotFoundError, match="no change 3"):
        desk.drafts.undo(draft.id, 3, "anna", "Undo")


def submit(desk: Services, draft: Draft) -> Draft:
    return desk.drafts.step(draft.id, State.IN_REVIEW, "anna", ALL)


def test_nobody_approves_what_they_worked_on(desk: Services, draft: Draft) -> None:
    desk.drafts.commit(draft.id, rename("dog", "hound"), "bo", "Hound")
    submit(desk, draft)
    for account in ("anna", "bo"):
        with pytest.raises(ForbiddenError, match="somebody else"):
            desk.drafts.step(draft.id, State.APPROVED, account, ALL)
    approved = desk.drafts.step(draft.id, State.APPROVED, "cleo", ALL, "Good")
    assert approved.state == State.APPROVED
    steps = [(r.author, r.verdict, r.text) for r in desk.drafts.table.reviews(draft.id)]
    assert steps == [("anna", "in-review", ""), ("cleo", "approved", "Good")]


def test_a_vocabulary_can_allow_own_approval(desk: Services, draft: Draft) -> None:
    submit(desk, draft)
    desk.drafts.table.allow_own_approval(GRAPH, True)
    assert desk.drafts.step(draft.id, State.APPROVED, "anna", ALL).state == State.APPROVED
    desk.drafts.table.allow_own_approval(GRAPH, False)
    assert not desk.drafts.table.allows_own_approval(GRAPH)


def test_a_change_takes_the_approval_back(desk: Services, draft: Draft) -> None:
    submit(desk, draft)
    desk.drafts.step(draft.id, State.APPROVED, "cleo", ALL)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    desk.drafts.schedule(draft.id, tomorrow, "cleo", ALL)
    desk.drafts.commit(draft.id, rename("dog", "hound"), "anna", "Hound")
    changed = desk.drafts.table.get(draft.id)
    assert (changed.state, changed.scheduled, changed.scheduled_by) == (State.IN_REVIEW, None, None)


def test_steps_need_a_permission_and_an_order(desk: Services, draft: Draft) -> None:
    with pytest.raises(ForbiddenError, match="needs the role editor"):
        desk.drafts.step(draft.id, State.IN_REVIEW, "anna", {Permission.REVIEW_DRAFTS})
    with pytest.raises(ConflictError, match="open cannot become approved"):
        desk.drafts.step(draft.id, State.APPROVED, "cleo", ALL)
    submit(desk, draft)
    with pytest.raises(InvalidError, match="which changes"):
        desk.drafts.step(draft.id, State.CHANGES_REQUESTED, "cleo", ALL, " ")
    with pytest.raises(ConflictError, match="cannot become published"):
        desk.drafts.schedule(draft.id, None, "cleo", ALL)


def test_a_withdrawn_draft_leaves_no_files_and_can_be_opened_again(
    desk: Services, draft: Draft
) -> None:
    desk.drafts.commit(draft.id, rename("dog", "hound"), "anna", "Hound")
    before = seen(desk, draft)
    desk.draft_views.close()
    desk.drafts.step(draft.id, State.WITHDRAWN, "anna", ALL)
    assert not (desk.settings.data / "drafts" / f"{draft.id}-1").exists()
    with pytest.raises(ConflictError, match="withdrawn"):
        desk.drafts.commit(draft.id, rename("dog", "mutt"), "anna", "Mutt")
    with pytest.raises(ConflictError, match="withdrawn"):
        desk.draft_views.view(desk.drafts.table.get(draft.id))
    desk.drafts.step(draft.id, State.OPEN, "anna", ALL)
    assert seen(desk, draft) == before


def test_a_branch_that_is_read_stays_until_it_is_not(desk: Services, draft: Draft) -> None:
    view = desk.draft_views.view(draft)
    desk.drafts.step(draft.id, State.WITHDRAWN, "anna", ALL)
    assert view.store.construct(bind(HELD, graph=GRAPH))
    del view
    desk.draft_views.close()
    desk.drafts.sweep()
    assert not list((desk.settings.data / "drafts").glob("*-*"))


def test_few_drafts_are_open_at_a_time(desk: Services) -> None:
    drafts = [desk.drafts.begin(GRAPH, f"{n}", "", "anna") for n in range(DRAFT_VIEWS + 2)]
    views = [desk.draft_views.view(draft) for draft in drafts]
    assert len({view.name for view in views}) == len(views)
    assert desk.draft_views.view(drafts[-1]) is views[-1]
    assert desk.draft_views.view(drafts[0]) is not views[0]


def test_a_title_is_needed(desk: Services, draft: Draft) -> None:
    for title, told in ((" ", "no title"), ("x" * 301, "longer than 300")):
        with pytest.raises(InvalidError, match=told):
            desk.drafts.begin(GRAPH, title, "", "anna")
        with pytest.raises(InvalidError, match=told):
            desk.drafts.describe(draft.id, title, "")
    assert desk.drafts.describe(draft.id, " Hunds ", "Why").title == "Hunds"
    _, total = desk.drafts.table.page(graph=GRAPH, states=[State.OPEN], author="anna", limit=1)
    assert total == 1
    with pytest.raises(NotFoundError, match="no draft 99"):
        desk.drafts.commit(99, rename("dog", "x"), "anna", "X")


def test_comments_are_about_the_draft_or_a_concept(desk: Services, draft: Draft) -> None:
    comments = desk.drafts.comments
    comments.add(draft.id, "bo", "Why?")
    about = comments.add(draft.id, "cleo", " Is it a dog? ", DOG)
    assert comments.page(draft.id, concept=DOG, limit=5) == ([about], 1)
    assert about.text == "Is it a dog?"
    assert comments.resolve(draft.id, about.id).is_resolved
    assert not comments.resolve(draft.id, about.id, is_resolved=False).is_resolved
    assert comments.page(draft.id, limit=1)[1] == 2
    with pytest.raises(NotFoundError):
        comments.resolve(draft.id + 1, about.id)
    with pytest.raises(NotFoundError, match="no draft 99"):
        comments.add(99, "bo", "Hello?")
    for text, told in (("  ", "empty"), ("x" * 20_001, "longer")):
        with pytest.raises(InvalidError, match=told):
            comments.add(draft.id, "bo", text)


def test_what_a_dead_writer_left_is_seen_at_the_next_look(desk: Services, draft: Draft) -> None:
    before = seen(desk, draft)
    desk.drafts.branches.log(draft).append([add(label("hund", "sv"))], "anna", "Only in the log")
    with desk.drafts.branches.turn(draft.id):  # somebody is at work: readers do not wait
        assert seen(desk, draft) == before
    assert seen(desk, draft) == before | set(to_lines([label("hund", "sv")]))


def test_a_rebuild_makes_drafts_anew(desk: Services, draft: Draft) -> None:
    desk.drafts.commit(draft.id, rename("dog", "hound"), "anna", "Hound")
    before = seen(desk, draft)
    desk.draft_views.close()
    desk.writer.rebuild()
    desk.drafts.begin_anew()
    assert not list((desk.settings.data / "drafts").glob("*-*"))
    assert seen(desk, draft) == before
