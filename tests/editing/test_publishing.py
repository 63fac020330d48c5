from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from tests.editing.test_crash import documents
from tests.editing.test_drafts import (
    ALL,
    DOG,
    GRAPH,
    add,
    label,
    published,
    rename,
    seen,
)
from tests.strategies import CONCEPTS, edits, play
from vocab_server.background import sweep_drafts
from vocab_server.config import Settings
from vocab_server.database.drafts import Draft
from vocab_server.editing.branches import Trial
from vocab_server.editing.conflicts import Choice
from vocab_server.editing.publishing import Publisher
from vocab_server.editing.rebasing import find_conflicts, rebase
from vocab_server.editing.workflow import State
from vocab_server.errors import ConflictError, InvalidError, RuleBrokenError
from vocab_server.rdf.change import Change, FileChange, Patch, to_lines
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.rdf.query import bind
from vocab_server.services import Services, open_services

CAT, FISH = CONCEPTS[1], CONCEPTS[2]
OTHER = URIRef("https://example.org/vocabularies/other")


@pytest.fixture
def desk(services: Services) -> Iterator[Services]:
    """Services with a published dog."""
    services.writer.commit([add((DOG, RDF.type, SKOS.Concept), label("dog"))], "me", "Dog")
    yield services


def draft_with(desk: Services, *changes: Patch, title: str = "Hounds") -> Draft:
    draft = desk.drafts.begin(GRAPH, title, "All dogs are hounds", "anna")
    for change in changes:
        desk.drafts.commit(draft.id, change, "anna", "Change")
    return draft


def approve(desk: Services, draft: Draft) -> None:
    desk.drafts.step(draft.id, State.IN_REVIEW, "anna", ALL)
    desk.drafts.step(draft.id, State.APPROVED, "cleo", ALL)


def publish(desk: Services, draft: Draft) -> int:
    approve(desk, draft)
    engine = replace(desk.publisher, check=None)  # what is made up here keeps no rule of SKOS
    return engine.publish(draft.id, "dora", ALL)


def test_a_draft_becomes_one_change_with_its_story(desk: Services) -> None:
    draft = draft_with(desk, rename("dog", "mutt"), add(label("hund", "sv")))
    desk.drafts.commit(draft.id, rename("mutt", "hound"), "bo", "Better")
    number = publish(desk, draft)
    change = desk.log.get(number)
    assert number == draft.base + 1 == desk.log.last()
    assert (change.author, change.message) == ("anna", "Hounds")
    assert (change.added, change.removed) == (2, 1)  # nothing of "mutt"
    assert change.details == {
        "kind": "draft",
        "draft": draft.id,
        "title": "Hounds",
        "purpose": "All dogs are hounds",
        "authors": ["anna", "bo"],
        "reviewers": ["cleo"],
        "publisher": "dora",
    }
    assert to_lines([label("hound")])[0] in published(desk)
    after = desk.drafts.table.get(draft.id)
    assert (after.state, after.published) == (State.PUBLISHED, number)
    assert desk.drafts.table.reviews(draft.id)[-1].verdict == "published"
    assert desk.drafts.branches.log(after).page(limit=1)[1] == 3  # the story stays


def test_a_published_draft_is_no_longer_read_and_is_swept(desk: Services) -> None:
    draft = draft_with(desk, rename("dog", "hound"))
    assert seen(desk, draft)
    approve(desk, draft)
    publish(desk, draft)
    with pytest.raises(ConflictError, match="published"):
        desk.draft_views.view(draft)
    desk.draft_views.close()
    sweep_drafts(desk)
    assert not list((desk.settings.data / "drafts").glob("*-*"))


def test_a_draft_is_published_once_and_when_it_is_approved(desk: Services) -> None:
    draft = draft_with(desk, rename("dog", "hound"))
    with pytest.raises(ConflictError, match="open cannot become published"):
        desk.publisher.publish(draft.id, "dora", ALL)
    publish(desk, draft)
    with pytest.raises(ConflictError, match="published cannot become published"):
        desk.publisher.publish(draft.id, "dora", ALL)
    with pytest.raises(ConflictError, match="is published and cannot be changed"):
        desk.drafts.commit(draft.id, rename("hound", "x"), "anna", "Late")


def test_what_was_published_meanwhile_stays(desk: Services) -> None:
    draft = draft_with(desk, rename("dog", "hound"), add(label("hund", "sv")))
    desk.writer.commit([add(label("chien", "fr"), label("hund", "sv"))], "me", "French")
    number = publish(desk, draft)
    assert published(desk) == set(
        to_lines(
            [
                (DOG, RDF.type, SKOS.Concept),
                label("hound"),
                label("hund", "sv"),
                label("chien", "fr"),
            ]
        )
    )
    assert desk.log.get(number).added == 1  # the Swedish name was there


def test_a_conflict_is_told_and_changes_nothing(desk: Services) -> None:
    draft = draft_with(desk, rename("dog", "hound"), add(label("cat", of=CAT)))
    desk.writer.commit([rename("dog", "mutt"), Change(OTHER, add(label("x")).added)], "me", "Mutt")
    approve(desk, draft)
    before, last = published(desk), desk.log.last()
    with pytest.raises(ConflictError, match=str(DOG)) as caught:
        desk.publisher.publish(draft.id, "dora", ALL)
    assert caught.value.concepts == (DOG,)
    assert (published(desk), desk.log.last()) == (before, last)
    assert desk.drafts.table.get(draft.id).state == State.APPROVED
    found, number = find_conflicts(desk.drafts, desk.log, draft.id)
    (conflict,) = found.conflicts
    assert (conflict.ours, conflict.theirs) == (rename("dog", "hound"), rename("dog", "mutt"))
    assert number == last


@pytest.mark.parametrize(("choice", "name"), [(Choice.OURS, "hound"), (Choice.THEIRS, "mutt")])
def test_a_rebased_draft_is_as_was_chosen(desk: Services, choice: Choice, name: str) -> None:
    draft = draft_with(desk, rename("dog", "hound"), add(label("cat", of=CAT)))
    desk.writer.commit(
        [Change(GRAPH, add(label("mutt"), label("hund", "sv")).added, add(label("dog")).added)],
        "me",
        "Mutt",
    )
    approve(desk, draft)
    _, number = find_conflicts(desk.drafts, desk.log, draft.id)
    moved = rebase(desk.drafts, desk.log, draft.id, "bo", choices={DOG: choice}, seen=number)
    assert (moved.base, moved.generation) == (number, 2)
    assert moved.state == State.IN_REVIEW  # what was approved is not what it is now
    expected = [
        (DOG, RDF.type, SKOS.Concept),
        label(name),
        label("hund", "sv"),
        label("cat", of=CAT),
    ]
    assert seen(desk, moved) == set(to_lines(expected))
    changes, total = desk.drafts.branches.log(moved).page(limit=10)
    assert [c.message for c in changes[:2]] == ["Change", "Change"]
    assert changes[2].details == {"kind": "rebase", "choices": {str(DOG): str(choice)}}
    assert total == 3
    assert desk.drafts.undo(draft.id, 2, "bo", "No cat") == 4
    assert desk.drafts.undo(draft.id, 4, "bo", "A cat") == 5
    desk.drafts.step(draft.id, State.APPROVED, "cleo", ALL)
    desk.publisher.publish(draft.id, "dora", ALL)
    assert published(desk) == set(to_lines(expected))


def test_a_rebase_without_conflict_keeps_the_approval(desk: Services) -> None:
    draft = draft_with(desk, rename("dog", "hound"))
    assert rebase(desk.drafts, desk.log, draft.id, "bo") == desk.drafts.table.get(draft.id)
    approve(desk, draft)
    desk.writer.commit([add(label("hund", "sv"))], "me", "Swedish")
    moved = rebase(desk.drafts, desk.log, draft.id, "bo")
    assert (moved.state, moved.generation) == (State.APPROVED, 2)
    assert seen(desk, moved) == published(desk) - {*to_lines([label("dog")])} | {
        *to_lines([label("hound")])
    }


def test_who_chose_before_more_was_published_looks_again(desk: Services) -> None:
    draft = draft_with(desk, rename("dog", "hound"))
    desk.writer.commit([rename("dog", "mutt")], "me", "Mutt")
    _, number = find_conflicts(desk.drafts, desk.log, draft.id)
    desk.writer.commit([Change(OTHER, add(label("x")).added)], "me", "Elsewhere")
    desk.writer.commit([rename("mutt", "canine")], "me", "Canine")
    with pytest.raises(ConflictError, match="More was published"):
        rebase(desk.drafts, desk.log, draft.id, "bo", choices={DOG: Choice.OURS}, seen=number)
    with pytest.raises(ConflictError, match="Choose for each"):
        rebase(desk.drafts, desk.log, draft.id, "bo")
    assert desk.drafts.table.get(draft.id).generation == 1


def one_name(trial: Trial) -> None:
    """A gate: one preferred name in English (SKOS Reference S14)."""
    query = "ASK { GRAPH $g { ?s skos:prefLabel ?a, ?b FILTER (?a != ?b && LANG(?a) = LANG(?b)) } }"
    with trial.after() as store:
        if store.ask(bind(query, g=trial.patch.graph)):
            raise RuleBrokenError("SKOS Reference S14", "Two names.", "Keep one.")


def test_the_gate_sees_what_would_be_published(desk: Services) -> None:
    publisher = Publisher(desk.drafts, desk.writer, desk.log, one_name)
    bad = draft_with(desk, add(label("hound")))
    approve(desk, bad)
    with pytest.raises(RuleBrokenError, match="Two names"):
        publisher.publish(bad.id, "dora", ALL)
    assert desk.log.last() == 1
    desk.writer.commit([add(label("hund", "sv"))], "me", "Swedish")
    with pytest.raises(RuleBrokenError, match="Two names"):
        rebase(desk.drafts, desk.log, bad.id, "bo", check=one_name)
    assert desk.drafts.table.get(bad.id).generation == 1
    good = draft_with(desk, rename("dog", "hound"))
    approve(desk, good)
    assert publisher.publish(good.id, "dora", ALL) == 3
    assert not list((desk.settings.data / "drafts").glob("*-trial"))


def test_a_draft_of_nothing_is_not_published(desk: Services) -> None:
    draft = draft_with(desk, rename("dog", "hound"), rename("hound", "dog"))
    with pytest.raises(InvalidError, match="changes nothing"):
        publish(desk, draft)


def test_a_draft_with_a_big_file_is_published(desk: Services, tmp_path: Path) -> None:
    added, removed = tmp_path / "added.nt", tmp_path / "removed.nt"
    lines = [
        f'<urn:{n}> <{SKOS.prefLabel}> "a label of quite some length, number {n}"@en .\n'
        for n in range(25_000)
    ]
    added.write_text("".join(lines))
    removed.touch()
    assert added.stat().st_size > 2_000_000
    draft = draft_with(desk, FileChange(GRAPH, added, removed), rename("dog", "hound"))
    desk.writer.commit([add(label("hund", "sv"))], "me", "Swedish")
    number = publish(desk, draft)
    assert desk.log.get(number).added == 25_001
    assert desk.published.view().statistics(GRAPH).triples == 25_003


def test_drafts_are_published_when_their_time_comes(desk: Services) -> None:
    now = datetime.now(UTC)
    good = draft_with(desk, rename("dog", "hound"), title="Good")
    clash = draft_with(desk, rename("dog", "mutt"), title="Clash")
    later = draft_with(desk, add(label("hund", "sv")), title="Later")
    for days, draft in enumerate((good, clash, later), 1):
        approve(desk, draft)
        desk.drafts.schedule(draft.id, now + timedelta(days=days), "dora", ALL)
    assert desk.publisher.publish_due(now) == []
    first, second = desk.publisher.publish_due(now + timedelta(days=2.5))
    assert (first.draft, first.number, first.problem) == (good.id, 2, "")
    assert (second.draft, second.number) == (clash.id, None)
    assert str(DOG) in second.problem
    given_back = desk.drafts.table.get(clash.id)
    assert (given_back.state, given_back.scheduled) == (State.CHANGES_REQUESTED, None)
    assert desk.drafts.table.reviews(clash.id)[-1].text == second.problem
    assert desk.drafts.table.get(later.id).state == State.APPROVED
    desk.drafts.schedule(later.id, None, "dora", ALL)
    assert desk.publisher.publish_due(now + timedelta(days=9)) == []
    with pytest.raises(InvalidError, match="has passed"):
        desk.drafts.schedule(later.id, now - timedelta(days=1), "dora", ALL)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_drafts_of_other_concepts_go_in_any_order(desk: Services, order: tuple[int, int]) -> None:
    drafts = [
        draft_with(desk, rename("dog", "hound"), add(label("hund", "sv"))),
        draft_with(desk, add(label("cat", of=CAT), (CAT, SKOS.broader, FISH))),
    ]
    for place in order:
        publish(desk, drafts[place])
    assert published(desk) == set(
        to_lines(
            [
                (DOG, RDF.type, SKOS.Concept),
                label("hound"),
                label("hund", "sv"),
                label("cat", of=CAT),
                (CAT, SKOS.broader, FISH),
            ]
        )
    )


def made(directory: Path) -> Services:
    opened = open_services(Settings(data=directory, base_url="https://example.org"))
    with opened.writer.open():
        pass
    return opened


def everything(desk: Services) -> tuple[object, ...]:
    view = desk.published.view()
    return published(desk), view.statistics(GRAPH).to_json(), documents(view.path / "index")


@settings(max_examples=5, deadline=None)
@given(edits, st.integers(0, 3))
def test_a_draft_published_is_the_same_changes_made_directly(found: list, split: int) -> None:
    changes = [Change(GRAPH, *one) for one in play(found)]
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        direct, drafted = made(Path(one)), made(Path(other))
        for change in changes:
            direct.writer.commit([change], "me", "Directly")
        for change in changes[:split]:
            drafted.writer.commit([change], "me", "Before the draft")
        draft = draft_with(drafted, *changes[split:])
        branch = drafted.draft_views.view(draft)
        in_draft = seen(drafted, draft), branch.statistics(GRAPH).to_json()
        try:
            publish(drafted, draft)
        except InvalidError:  # the changes came to nothing
            assert drafted.drafts.table.get(draft.id).state == State.APPROVED
        assert everything(drafted) == everything(direct)
        assert in_draft == everything(direct)[:2]
        del branch
        direct.close()
        drafted.close()
