from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rdflib import Literal, URIRef
from sqlalchemy import Engine, text

from tests.strategies import CONCEPTS
from vocab_server.database import migrate, open_database
from vocab_server.database.log import ChangeLog
from vocab_server.errors import ConflictError, StoreUnavailableError
from vocab_server.rdf.change import BLOCK, Change, FileChange
from vocab_server.rdf.namespaces import SKOS

GRAPH = URIRef("https://example.org/vocabularies/animals")
DOG, CAT, *_ = CONCEPTS
ADD = Change(GRAPH, added=frozenset({(DOG, SKOS.prefLabel, Literal("dog\n", lang="en"))}))
MOVE = Change(
    GRAPH,
    added=frozenset({(DOG, SKOS.broader, CAT)}),
    removed=frozenset({(CAT, SKOS.broader, DOG)}),
)
LITERAL_SUBJECT = Change(GRAPH, frozenset({(Literal("dog"), SKOS.broader, CAT)}))


@pytest.fixture
def log(database: Engine) -> ChangeLog:
    """An empty log."""
    return ChangeLog(database)


def test_an_empty_log_ends_at_nought(log: ChangeLog) -> None:
    assert (log.last(), log.since(0), log.append([], "me", "nothing")) == (0, [], 0)


def test_changes_come_back_as_they_went_in_and_in_order(log: ChangeLog) -> None:
    assert log.append([ADD, MOVE], "me", "Two at once") == 2
    assert log.append([ADD.inverse()], "you", "Undo") == 3
    for found, kept in zip(log.since(0), (ADD, MOVE, ADD.inverse()), strict=True):
        assert found.graph == GRAPH
        assert b"".join(found.added_blocks()) == b"".join(kept.added_blocks())
        assert b"".join(found.removed_blocks()) == b"".join(kept.removed_blocks())
        assert (found.added, found.removed) == (len(kept.added), len(kept.removed))


def test_a_change_is_kept_with_who_when_and_why(log: ChangeLog) -> None:
    log.append([ADD], "Åsa", "For the 한국 release")
    change = log.since(0)[0]
    assert (change.author, change.message) == ("Åsa", "For the 한국 release")
    assert abs((datetime.now(UTC) - change.time).total_seconds()) < 60


def test_since_a_number_leaves_out_that_number(log: ChangeLog) -> None:
    log.append([ADD, MOVE], "me", "Two")
    assert [change.number for change in log.since(1)] == [2]


def test_a_change_bigger_than_a_block_comes_back_whole(log: ChangeLog, tmp_path: Path) -> None:
    big, empty = tmp_path / "big.nt", tmp_path / "empty.nt"
    lines = b"".join(b'<urn:%d> <urn:p> "%040d" .\n' % (n, n) for n in range(BLOCK // 30))
    big.write_bytes(lines)
    empty.touch()
    log.append([FileChange(GRAPH, big, empty)], "me", "Big")
    change = log.since(0)[0]
    assert max(map(len, change.added_blocks())) < 2 * BLOCK
    assert b"".join(change.added_blocks()) == lines
    assert change.added == BLOCK // 30


def test_of_several_patches_all_are_kept_or_none(log: ChangeLog) -> None:
    with pytest.raises(ValueError, match="no subject"):
        log.append([ADD, LITERAL_SUBJECT], "me", "Half of it is impossible")
    assert (log.last(), log.since(0)) == (0, [])
    assert log.append([ADD], "me", "The good half") == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nobody else deletes rows
def test_numbers_are_never_used_again(log: ChangeLog, database: Engine) -> None:
    log.append([ADD, MOVE], "me", "Two")
    with database.begin() as connection:
        connection.execute(text("DELETE FROM change_part"))
        connection.execute(text("DELETE FROM change"))
    assert log.append([ADD], "me", "Later") == 3


def test_a_failed_change_leaves_no_gap_in_the_numbers(log: ChangeLog) -> None:
    with pytest.raises(ValueError, match="no subject"):
        log.append([ADD, LITERAL_SUBJECT], "me", "Fails")
    assert log.append([ADD], "me", "First") == 1
    assert log.append([MOVE], "me", "Second") == 2


def test_bounds_that_no_change_can_reach_do_no_harm(log: ChangeLog) -> None:
    log.append([ADD], "me", "One")
    huge = 2**63 - 1
    assert log.page([GRAPH], until=huge, limit=5)[1] == 1
    assert log.page([GRAPH], after=huge, limit=5) == ([], 0)


def test_who_has_not_seen_the_last_change_appends_nothing(log: ChangeLog) -> None:
    log.append([ADD], "me", "One", after=0)
    with pytest.raises(ConflictError, match="Somebody else"):
        log.append([MOVE], "you", "Not seen", after=0)
    assert log.append([MOVE], "you", "Seen", after=1) == 2


def test_a_damaged_change_says_which_it_is(log: ChangeLog, database: Engine) -> None:
    log.append([ADD, MOVE], "me", "Two")
    with database.begin() as connection:
        damage = text("UPDATE change_part SET lines = :lines WHERE change = 2")
        connection.execute(damage, {"lines": b"\0"})
    assert b"".join(log.since(0)[0].added_blocks())
    with pytest.raises(StoreUnavailableError, match="Change 2 in the log is damaged"):
        list(log.since(1)[0].added_blocks())


def test_another_reader_of_the_database_sees_a_change_at_once(
    log: ChangeLog, database: Engine
) -> None:
    other = open_database(str(database.url))
    with suppress(ValueError):
        log.append([ADD, LITERAL_SUBJECT], "me", "Never happened")
    log.append([ADD], "me", "Happened")
    assert [change.message for change in ChangeLog(other).since(0)] == ["Happened"]
    other.dispose()


def test_to_migrate_again_changes_nothing(log: ChangeLog, database: Engine) -> None:
    log.append([ADD], "me", "Kept")
    migrate(database)
    assert log.last() == 1
