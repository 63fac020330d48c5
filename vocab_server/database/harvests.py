"""Where catalogs are harvested from, what each run did, and which datasets are missing."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from vocab_server.database.harvest_models import HarvestItemRow, HarvestRunRow, HarvestSourceRow
from vocab_server.errors import NotFoundError

ASKED = 500  # IRIs that one query looks up


class Outcome(StrEnum):
    """How a run ended."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a catalog is harvested from; see HarvestSourceRow."""

    catalog: str
    kind: str
    address: str
    every: int = 24
    due: datetime | None = None
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One run; see HarvestRunRow. ``id`` is 0 until it is kept."""

    catalog: str
    started: datetime
    ended: datetime
    author: str
    outcome: Outcome
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    missing: int = 0
    problems: tuple[str, ...] = ()
    number: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """A dataset that a source had; see HarvestItemRow."""

    identifier: str
    digest: str
    title: str
    missing_since: datetime | None = None
    missing_runs: int = 0
    gone: datetime | None = None


class Harvests:
    """The sources, their runs and what is known of their datasets."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sources(self) -> list[Source]:
        """All sources, by catalog."""
        asked = select(HarvestSourceRow).order_by(HarvestSourceRow.catalog)
        with Session(self._engine) as session:
            return [_source(row) for row in session.scalars(asked)]

    def find(self, catalog: str) -> Source | None:
        """The source of a catalog, or None."""
        with Session(self._engine) as session:
            row = session.get(HarvestSourceRow, catalog)
            return _source(row) if row else None

    def get(self, catalog: str) -> Source:
        """The source of a catalog. Raises NotFoundError."""
        found = self.find(catalog)
        if found is None:
            raise NotFoundError(
                "The catalog %(catalog)r is harvested from nowhere.", catalog=catalog
            )
        return found

    def due(self, now: datetime) -> list[str]:
        """The catalogs whose time has come, who waits longest first."""
        asked = select(HarvestSourceRow.catalog).where(HarvestSourceRow.due <= now)
        with Session(self._engine) as session:
            return list(session.scalars(asked.order_by(HarvestSourceRow.due)))

    def set(self, source: Source) -> None:
        """Keep where a catalog is harvested from; what another address said holds no more."""
        before = self.find(source.catalog)
        is_same = before and (before.kind, before.address) == (source.kind, source.address)
        kept = replace(source, etag="", last_modified="")
        if before and is_same:
            kept = replace(source, etag=before.etag, last_modified=before.last_modified)
        with Session(self._engine) as session, session.begin():
            session.merge(HarvestSourceRow(**_columns(kept)))

    def ask(self, catalog: str, now: datetime) -> None:
        """Let a catalog be harvested as soon as the background comes to it."""
        with Session(self._engine) as session, session.begin():
            row = session.get(HarvestSourceRow, catalog)
            if row is None:
                raise NotFoundError(
                    "The catalog %(catalog)r is harvested from nowhere.", catalog=catalog
                )
            row.due = now

    def remove(self, catalog: str) -> None:
        """Harvest a catalog no more; it stays as it is."""
        with Session(self._engine) as session, session.begin():
            session.execute(delete(HarvestSourceRow).where(HarvestSourceRow.catalog == catalog))

    def known(self, catalog: str) -> dict[str, Known]:
        """The datasets that a source had, by IRI."""
        asked = select(HarvestItemRow).where(HarvestItemRow.catalog == catalog)
        with Session(self._engine) as session:
            return {row.dataset: _known(row) for row in session.scalars(asked)}

    def missing(self, catalog: str, limit: int) -> list[tuple[str, Known]]:
        """The datasets that a source has no more, with what is known of them; latest first."""
        asked = (
            select(HarvestItemRow)
            .where(HarvestItemRow.catalog == catalog, HarvestItemRow.missing_runs > 0)
            .order_by(HarvestItemRow.missing_since.desc(), HarvestItemRow.dataset)
            .limit(limit)
        )
        with Session(self._engine) as session:
            return [(row.dataset, _known(row)) for row in session.scalars(asked)]

    def gone(self, dataset: str) -> tuple[str, Known] | None:
        """The catalog that a dataset vanished from, and what is known of it; None if it did not.

        ``dataset`` is its IRI, or the identifier that it has here.
        """
        asked = select(HarvestItemRow).where(
            or_(HarvestItemRow.dataset == dataset, HarvestItemRow.identifier == dataset),
            HarvestItemRow.gone.is_not(None),
        )
        with Session(self._engine) as session:
            row = session.scalars(asked.limit(1)).first()
            return (row.catalog, _known(row)) if row else None

    def record(
        self, run: Run, items: Mapping[str, Known], etag: str = "", last_modified: str = ""
    ) -> int:
        """Keep a run, what changed among the datasets, and when the next one is; its number."""
        with Session(self._engine) as session, session.begin():
            _keep_items(session, run.catalog, items)
            row = HarvestRunRow(**_columns(run) | {"problems": json.dumps(run.problems)})
            session.add(row)
            source = session.get(HarvestSourceRow, run.catalog)
            if source is not None:
                source.due = run.ended + timedelta(hours=source.every) if source.every else None
                if run.outcome is not Outcome.FAILED:
                    source.etag, source.last_modified = etag, last_modified
            session.flush()
            return row.id

    def runs(self, catalog: str, *, limit: int, offset: int = 0) -> tuple[list[Run], int]:
        """A page of the runs of a catalog, the latest first, and how many there are."""
        of = HarvestRunRow.catalog == catalog
        asked = select(HarvestRunRow).where(of).order_by(HarvestRunRow.id.desc())
        with Session(self._engine) as session:
            rows = session.scalars(asked.limit(limit).offset(offset))
            found = [_run(row) for row in rows]
            total = session.scalar(select(func.count()).select_from(HarvestRunRow).where(of))
            return found, total or 0

    def latest(self, catalogs: Collection[str]) -> dict[str, Run]:
        """The latest run of each of the catalogs that had one."""
        newest = (
            select(func.max(HarvestRunRow.id))
            .where(HarvestRunRow.catalog.in_(catalogs))
            .group_by(HarvestRunRow.catalog)
        )
        with Session(self._engine) as session:
            rows: Iterable[HarvestRunRow] = session.scalars(
                select(HarvestRunRow).where(HarvestRunRow.id.in_(newest))
            )
            return {row.catalog: _run(row) for row in rows}

    def run(self, catalog: str, number: int) -> Run:
        """A run of a catalog by its number. Raises NotFoundError."""
        with Session(self._engine) as session:
            row = session.get(HarvestRunRow, number)
            if row is None or row.catalog != catalog:
                raise NotFoundError(
                    "%(catalog)r has no harvest with the number %(number)s.",
                    catalog=catalog,
                    number=number,
                )
            return _run(row)


def _keep_items(session: Session, catalog: str, items: Mapping[str, Known]) -> None:
    """Keep what is known of datasets in place of what was; some statements for many."""
    table, names = HarvestItemRow, list(Known.__dataclass_fields__)
    listed = sorted(items)
    for start in range(0, len(listed), ASKED):
        batch = listed[start : start + ASKED]
        session.execute(delete(table).where(table.catalog == catalog, table.dataset.in_(batch)))
        rows = [
            {"catalog": catalog, "dataset": dataset}
            | {name: getattr(items[dataset], name) for name in names}
            for dataset in batch
        ]
        session.execute(insert(table), rows)


def _columns(kept: Source | Run) -> dict[str, object]:
    return {name: getattr(kept, name) for name in kept.__dataclass_fields__ if name != "id"}


def _source(row: HarvestSourceRow) -> Source:
    return Source(
        row.catalog, row.kind, row.address, row.every, row.due, row.etag, row.last_modified
    )


def _run(row: HarvestRunRow) -> Run:
    held = {name: getattr(row, name) for name in Run.__dataclass_fields__}
    return Run(
        **held
        | {
            "outcome": Outcome(row.outcome),
            "problems": tuple(json.loads(row.problems)),
        }
    )


def _known(row: HarvestItemRow) -> Known:
    return Known(
        row.identifier,
        row.digest,
        row.title,
        row.missing_since,
        row.missing_runs,
        row.gone,
    )
