"""What all checks found in a vocabulary, in a file: made once, read a page at a time.

Why a file: a report may hold a million findings, and no page may read more of it than it shows.
"""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rdflib import URIRef

from vocab_server.quality.check import Check, Finding, identity_of, to_finding
from vocab_server.quality.checks import ALL_CHECKS, get_check

KEPT = 100_000  # findings of one check that are kept; the rest is counted
ASKED = 500  # identities that one query looks up

_TABLES = """
CREATE TABLE IF NOT EXISTS result (check_id TEXT PRIMARY KEY, count INTEGER, seconds REAL,
    failure TEXT);
CREATE TABLE IF NOT EXISTS finding (check_id TEXT, position INTEGER, identity TEXT, focus TEXT,
    line BLOB, PRIMARY KEY (check_id, position)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS finding_identity ON finding (identity);
CREATE INDEX IF NOT EXISTS finding_focus ON finding (focus);
"""
_NEW = """NOT EXISTS
    (SELECT 1 FROM other.finding AS known WHERE known.identity = finding.identity)"""


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found, in how many seconds of processor time, or why it could not be run."""

    check: Check
    count: int
    seconds: float
    failure: str = ""


class Report:
    """A finished report. Results and findings come in the order of ALL_CHECKS."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def results(self) -> list[Result]:
        """What each check found."""
        with _opened(self.path) as database:
            rows = database.execute("SELECT check_id, count, seconds, failure FROM result")
            found = {row[0]: row for row in rows}
        return [
            Result(check, found[check.id][1], found[check.id][2], found[check.id][3] or "")
            for check in ALL_CHECKS
            if check.id in found
        ]

    def page(self, check: Check, limit: int, offset: int = 0) -> list[Finding]:
        """A page of what a check found, by resource."""
        query = (
            "SELECT line FROM finding WHERE check_id = ? AND position >= ?"
            " ORDER BY position LIMIT ?"
        )
        with _opened(self.path) as database:
            rows = database.execute(query, (check.id, offset, limit)).fetchall()
        return [to_finding(check, row[0]) for row in rows]

    def findings(self, check: Check) -> Iterator[Finding]:
        """All that is kept of what a check found."""
        offset = 0
        while page := self.page(check, ASKED, offset):
            yield from page
            offset += len(page)

    def at(self, focus: URIRef, limit: int) -> list[Finding]:
        """What was found at one resource."""
        query = "SELECT check_id, line FROM finding WHERE focus = ? LIMIT ?"
        with _opened(self.path) as database:
            rows = database.execute(query, (str(focus), limit)).fetchall()
        return [to_finding(get_check(name), line) for name, line in rows]

    def get(self, identity: str) -> Finding | None:
        """The finding with an identity, if it is here."""
        query = "SELECT check_id, line FROM finding WHERE identity = ? LIMIT 1"
        with _opened(self.path) as database:
            row = database.execute(query, (identity,)).fetchone()
        return to_finding(get_check(row[0]), row[1]) if row else None

    def count_of(self, identities: Collection[str]) -> dict[str, int]:
        """How many of these identities are here, for each check that has any."""
        found: dict[str, int] = {}
        wanted = sorted(identities)
        for start in range(0, len(wanted), ASKED):
            some = wanted[start : start + ASKED]
            marks = ", ".join("?" * len(some))
            query = f"SELECT check_id FROM finding WHERE identity IN ({marks})"  # noqa: S608
            with _opened(self.path) as database:
                for (name,) in database.execute(query, some):
                    found[name] = found.get(name, 0) + 1
        return found

    def new_since(self, other: "Report", check: Check, limit: int, offset: int) -> list[Finding]:
        """A page of what a check found here and not in another report of the same vocabulary."""
        query = f"SELECT line FROM finding WHERE check_id = ? AND {_NEW} LIMIT ? OFFSET ?"  # noqa: S608
        with _opened(self.path) as database:
            database.execute("ATTACH ? AS other", (_read_only(other.path),))
            rows = database.execute(query, (check.id, limit, offset)).fetchall()
        return [to_finding(check, row[0]) for row in rows]

    def count_new_since(self, other: "Report") -> dict[str, int]:
        """How much each check found here and not in another report of the same vocabulary."""
        return _count_new(self.path, other.path)


@lru_cache(maxsize=200)  # a report that is made stays as it is
def _count_new(path: Path, other: Path) -> dict[str, int]:
    query = f"SELECT check_id, COUNT(*) FROM finding WHERE {_NEW} GROUP BY check_id"  # noqa: S608
    with _opened(path) as database:
        database.execute("ATTACH ? AS other", (_read_only(other),))
        return dict(database.execute(query).fetchall())


class ReportWriter:
    """A report that is being made; ``close`` it."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path)
        self._database.execute("PRAGMA synchronous = OFF")  # lost, it is made again
        self._database.executescript(_TABLES)

    def add(self, check: Check, lines: Sequence[bytes], seconds: float) -> None:
        """Keep what a check found."""
        rows = (
            (check.id, position, identity_of(check.id, line), _focus(line), line)
            for position, line in enumerate(lines[:KEPT])
        )
        with self._database:
            self._database.execute("DELETE FROM finding WHERE check_id = ?", (check.id,))
            self._database.executemany("INSERT INTO finding VALUES (?, ?, ?, ?, ?)", rows)
            self._note(check, len(lines), seconds, None)

    def fail(self, check: Check, reason: str, seconds: float) -> None:
        """Keep why a check could not be run."""
        with self._database:
            self._note(check, 0, seconds, reason)

    def close(self) -> None:
        """Be done."""
        self._database.close()

    def _note(self, check: Check, count: int, seconds: float, failure: str | None) -> None:
        values = (check.id, count, seconds, failure)
        self._database.execute("INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?)", values)


def _focus(line: bytes) -> str:
    return line.split(b" ", 1)[0][1:-1].decode()


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(_read_only(path), uri=True)) as database:
        yield database
