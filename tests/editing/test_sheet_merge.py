"""Three states of a cell: as exported, in the file, and now."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from rdflib import Literal

from tests.curating import GRAPH, Desk, en, iri, sv
from vocab_server.editing.sheet_acting import solve
from vocab_server.editing.sheet_edits import Edits, find_edits
from vocab_server.editing.sheet_merge import Choice, Plan, Reason, make_plan
from vocab_server.editing.sheet_rows import SheetReader
from vocab_server.editing.sheet_states import States
from vocab_server.rdf.change import Change, to_lines
from vocab_server.rdf.namespaces import DCT, OWL, SKOS
from vocab_server.store.sheets import read_sheets

NOTHING = Change(GRAPH)
Rows = list[Mapping[str, str]]


def edits_of(
    desk: Desk, rows: Rows, work: Path, since: Change = NOTHING, delimiter: str = ";"
) -> Edits:
    """What rows change against the vocabulary as it was before the change ``since``."""
    path = work / "rows.csv"
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, names, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    later = tuple(
        {line.split(" ")[0].encode(): {line.encode()} for line in to_lines(triples)}
        for triples in (since.added, since.removed)
    )
    read = read_sheets(path, path.name, work / "read")
    states = States(desk.store, GRAPH, (later[0], later[1]))
    return find_edits(SheetReader(read), states, desk.store, GRAPH, path.name, "1-x")


def plan_of(desk: Desk, edits: Edits, rest: Choice | None = None) -> Plan:
    return make_plan(desk.store, GRAPH, edits, ["en", "sv"], rest=rest)


def renamed(desk: Desk) -> Change:
    """Somebody renames a concept after the export."""
    labels = (en("Baths"), en("Bathing water"))
    added, removed = (frozenset({(iri("bathing"), SKOS.prefLabel, text)}) for text in labels)
    return desk.apply(Change(GRAPH, added, removed))


BATHING = {"iri": iri("bathing"), "prefLabel@en": "Bathing water", "notation": "W1"}


def test_what_only_others_changed_stays(tmp_path: Path) -> None:
    desk = Desk()
    since = renamed(desk)
    edits = edits_of(desk, [BATHING | {"notation": "W2"}], tmp_path, since)
    plan = plan_of(desk, edits)
    assert plan.conflicts == ()
    desk.apply(solve(desk.curation, plan).change)
    assert desk.values("bathing", SKOS.prefLabel) == {en("Baths"), sv("Badvatten")}
    assert desk.values("bathing", SKOS.notation) == {Literal("W2")}
    assert desk.values("bathing", SKOS.altLabel) == {en("Swimming places")}  # no such column
    assert len(edits.missing) == 5


@pytest.mark.parametrize(
    ("rest", "expected"), [(None, "Baths"), (Choice.THEIRS, "Baths"), (Choice.MINE, "Lidos")]
)
def test_what_both_changed_is_chosen(tmp_path: Path, rest: Choice | None, expected: str) -> None:
    desk = Desk()
    since = renamed(desk)
    edits = edits_of(desk, [BATHING | {"prefLabel@en": "Lidos"}], tmp_path, since)
    (conflict,) = plan_of(desk, edits).conflicts
    assert (conflict.address, conflict.base) == ("B2", ("Bathing water",))
    assert (conflict.mine, conflict.theirs) == (("Lidos",), ("Baths",))
    assert conflict.choices == (Choice.MINE, Choice.THEIRS)
    desk.apply(solve(desk.curation, plan_of(desk, edits, rest)).change)
    assert en(expected) in desk.values("bathing", SKOS.prefLabel)


def test_the_same_change_on_both_sides_is_none(tmp_path: Path) -> None:
    desk = Desk()
    since = renamed(desk)
    plan = plan_of(desk, edits_of(desk, [BATHING | {"prefLabel@en": "Baths"}], tmp_path, since))
    assert (plan.changes, plan.conflicts) == ((), ())


def test_an_edit_of_what_was_deprecated_meanwhile_is_a_conflict(tmp_path: Path) -> None:
    desk = Desk()
    since = desk.apply(Change(GRAPH, frozenset({(iri("pool"), OWL.deprecated, Literal(True))})))
    rows = [{"iri": iri("pool"), "prefLabel@en": "Swimming pools"}]
    (conflict,) = plan_of(desk, edits_of(desk, rows, tmp_path, since)).conflicts
    assert conflict.reason is Reason.DEPRECATED


def test_edits_are_kept_as_json(tmp_path: Path) -> None:
    desk = Desk()
    edits = edits_of(desk, [BATHING | {"notation": "W3"}, {"prefLabel@en": "New"}], tmp_path)
    assert Edits.from_json(edits.to_json()) == edits


def test_numbers_as_spreadsheet_programs_write_them_change_nothing(tmp_path: Path) -> None:
    desk = Desk()
    notations = {"water": "1.0", "leisure": "01", "sport": "1.5"}
    for name, text in notations.items():
        old = frozenset({(iri("sport"), SKOS.notation, Literal("L1"))})
        new = frozenset({(iri(name), SKOS.notation, Literal(text))})
        desk.apply(Change(GRAPH, new, old if name == "sport" else frozenset()))
    rows = [
        {"iri": iri(name), "notation": text}
        for name, text in {"water": "1", "leisure": "1", "sport": "1,5"}.items()
    ]
    edits = edits_of(desk, rows, tmp_path)
    assert edits.edits == ()
    assert [remark.address for remark in edits.remarks] == ["B2", "B3", "B4"]


def test_a_move_is_stated_as_the_vocabulary_does_and_circles_are_found(tmp_path: Path) -> None:
    desk = Desk()
    rows = [
        {"iri": iri("sport"), "broader": "Water"},
        {"iri": iri("bathing"), "broader": "Pools"},
        {"iri": iri("beach"), "broader": ""},
        {"iri": iri("water"), "broader": "Nothing"},
    ]
    plan = plan_of(desk, edits_of(desk, rows, tmp_path))
    solution = solve(desk.curation, plan)
    assert [problem.address for problem in plan.problems] == ["B5"]
    assert [problem.address for problem in solution.problems] == ["B3"]
    desk.apply(solution.change)
    assert (desk.broader("sport"), desk.broader("bathing")) == ({"water"}, {"water"})
    assert iri("beach") in desk.values("", SKOS.hasTopConcept)
    assert desk.values("sport", DCT.modified)


def test_the_last_preferred_label_stays(tmp_path: Path) -> None:
    desk = Desk()
    rows = [{"iri": iri("pool"), "prefLabel@en": ""}, {"iri": iri("sport"), "prefLabel@en": ""}]
    solution = solve(desk.curation, plan_of(desk, edits_of(desk, rows, tmp_path)))
    assert [problem.address for problem in solution.problems] == ["B2"]
    desk.apply(solution.change)
    assert desk.values("sport", SKOS.prefLabel) == {Literal("스포츠", lang="ko")}
