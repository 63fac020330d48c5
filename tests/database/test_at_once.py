"""Two clicks at one moment do what one does: neither fails, and nothing is there twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

from rdflib import URIRef
from sqlalchemy import Engine, event

from vocab_server.database.data_checks import DataChecks, Wanted
from vocab_server.database.findings import FindingTable, Named
from vocab_server.database.quality import QualityTable

GRAPH = URIRef("https://example.org/vocabularies/animals")
NOW = datetime(2026, 11, 25, tzinfo=UTC)
CLICKS = 2
PATIENCE = 60  # seconds until who waits for the other gives up


def at_once(database: Engine, act: Callable[[], object]) -> list[object]:
    """What an act gives when each of CLICKS has looked before any of them writes."""
    gate = Barrier(CLICKS, timeout=PATIENCE)

    def wait(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT"):
            gate.wait()

    event.listen(database, "before_cursor_execute", wait)
    try:
        with ThreadPoolExecutor(CLICKS) as pool:
            return [one.result() for one in [pool.submit(act) for _ in range(CLICKS)]]
    finally:
        event.remove(database, "before_cursor_execute", wait)


def test_a_finding_is_assigned_by_two_at_once(database: Engine) -> None:
    table = FindingTable(database)
    finding = Named(GRAPH, "f" * 32, "INT-S14", "urn:dog")
    at_once(database, lambda: table.assign(finding, "anna", "bo"))
    assert table.all_assignees(GRAPH) == {"f" * 32: "anna"}
    assert table.of("anna", limit=10) == ([finding], 1)
    table.assign(finding, "bo", "anna")
    assert table.all_assignees(GRAPH) == {"f" * 32: "bo"}
    table.assign(finding, "", "anna")
    assert table.all_assignees(GRAPH) == {}


def test_a_file_is_asked_for_by_two_at_once(database: Engine) -> None:
    checks, wanted = (
        DataChecks(database),
        [Wanted("urn:f", "urn:d", "c"), Wanted("urn:g", "u", "c")],
    )
    told = at_once(database, lambda: checks.ask(wanted, "anna", NOW))
    assert sorted(told, key=str) == [0, 2]  # one of them queued both
    assert checks.count("c") == 2
    assert checks.ask(wanted, "bo", NOW) == 0


def test_a_column_is_declared_by_two_at_once(database: Engine) -> None:
    checks = DataChecks(database)
    at_once(database, lambda: checks.declare("urn:f", "kind", "urn:kinds", "notation"))
    assert checks.columns("urn:f") == {"kind": ("urn:kinds", "notation")}


def test_settings_are_saved_by_two_at_once(database: Engine) -> None:
    table = QualityTable(database)
    at_once(database, lambda: table.change(GRAPH, {"LAB-2": "block"}, ["sv", "en"]))
    assert table.settings(GRAPH).levels == {"LAB-2": "block"}
    assert table.settings(GRAPH).languages == ("en", "sv")
