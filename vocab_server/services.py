"""The long-lived objects of a process, in one place."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from flask import current_app
from rdflib import URIRef
from sqlalchemy import Engine

from vocab_server import config
from vocab_server.config import Settings
from vocab_server.database import is_shared, migrate, open_database
from vocab_server.database.addresses import NO_DRAFT, Addresses
from vocab_server.database.assets import Assets, DataRequests
from vocab_server.database.comments import Comments
from vocab_server.database.drafts import Draft, DraftTable
from vocab_server.database.keywords import KeywordDecisions
from vocab_server.database.log import ChangeLog
from vocab_server.database.notices import Notices
from vocab_server.database.policies import Policies
from vocab_server.database.proposals import Proposals
from vocab_server.database.quality import QualityTable
from vocab_server.database.suggestion_answers import SuggestionAnswers
from vocab_server.database.tags import TagDecisions
from vocab_server.database.turns import Kind, Turns
from vocab_server.database.withdrawn import Withdrawn
from vocab_server.editing.accepting import Accepting
from vocab_server.editing.branches import Branches, Trial
from vocab_server.editing.catalog_importing import Tagger
from vocab_server.editing.commit import LOCK, Turn, Writer
from vocab_server.editing.curating import Desk, check_published
from vocab_server.editing.drafts import Drafts
from vocab_server.editing.gate import Gate
from vocab_server.editing.proposing import Proposing
from vocab_server.editing.publishing import Publisher
from vocab_server.editing.release_stores import ReleaseStores
from vocab_server.editing.releases import Releases
from vocab_server.editing.reverting import Reverter
from vocab_server.editing.spreadsheets import Spreadsheets
from vocab_server.editing.withdrawing import Withdrawer
from vocab_server.errors import StoreUnavailableError
from vocab_server.quality.keeping import Reports
from vocab_server.search.changes import ChangesProjection
from vocab_server.search.dataset_index import DatasetProjection
from vocab_server.search.histories import HistoriesProjection
from vocab_server.search.index import IndexProjection
from vocab_server.search.text import keyword_form
from vocab_server.skos.acts.curation import AddressRule, Curation, Policy
from vocab_server.skos.outline import OutlineProjection
from vocab_server.skos.statistics import StatisticsProjection
from vocab_server.skos.structure import StructureProjection
from vocab_server.skos.vocabularies import Registration
from vocab_server.store.base import Reader
from vocab_server.store.engine import Engine as RemoteEngine
from vocab_server.store.forwarding import Forwarding
from vocab_server.store.remote import Bounds
from vocab_server.store.sandbox import Limits, QueryPool
from vocab_server.store.snapshots import Snapshots
from vocab_server.tagging.reconciling import tags_of_source
from vocab_server.views import DraftViews, Published

_LOG = logging.getLogger(__name__)
PROJECTIONS = (
    StatisticsProjection,
    StructureProjection,
    OutlineProjection,
    ChangesProjection,
    DatasetProjection,
    HistoriesProjection,
    IndexProjection,  # last: a process apart may have begun with it
)
# A draft is read and searched as what is published; it has no history and no figures of its own.
DRAFT_PROJECTIONS = (StatisticsProjection, StructureProjection, IndexProjection)
DUMPS = Limits(seconds=3_600, memory=4 * 1024 * config.MIB, result=1 << 40, processes=1)
# So is a release; how its hierarchy is built is known, because it never changes.
RELEASE_PROJECTIONS = (
    StatisticsProjection,
    StructureProjection,
    OutlineProjection,
    IndexProjection,
)


@dataclass(frozen=True, slots=True)
class Services:
    """What one process needs to answer and to write."""

    settings: Settings
    log: ChangeLog
    writer: Writer
    published: Published
    drafts: Drafts
    draft_views: DraftViews
    publisher: Publisher
    releases: Releases
    proposals: Proposing
    notices: Notices
    spreadsheets: Spreadsheets
    tag_decisions: TagDecisions
    release_stores: ReleaseStores
    quality: QualityTable
    reports: Reports
    queries: QueryPool | Forwarding
    dumps: QueryPool
    database: Engine
    engine: RemoteEngine | None

    def desk(self, draft: Draft, drafts: Drafts | None = None) -> Desk:
        """Where a draft is worked on, by the rules of its vocabulary.

        ``drafts`` are those of who read it in a certain state. Raises NotFoundError when its
        vocabulary is no longer here.
        """
        view = self.published.view()
        registration = view.vocabulary_in(draft.graph).registration
        return Desk(
            drafts=drafts or self.drafts,
            addresses=Addresses(self.database),
            draft=draft,
            policy=self._policy(draft.graph, registration.namespace),
            published=view.store,
            was_removed=lambda iri: view.changes.has(draft.graph, iri),
        )

    @property
    def accepting(self) -> Accepting:
        """How proposals go into drafts."""
        return Accepting(
            table=self.proposals.table,
            drafts=self.drafts,
            desk=self.desk,
            read=lambda draft: self.draft_views.view(draft).store,
        )

    def curation(self, graph: URIRef, store: Reader | None = None) -> Curation:
        """What is published of a vocabulary, or what a store has of it, in a curator's hands.

        Raises NotFoundError when the vocabulary is not here.
        """
        view = self.published.view()
        addresses = Addresses(self.database)
        return Curation(
            store=store or view.store,
            graph=graph,
            at=datetime.now(UTC),
            policy=self._policy(graph, view.vocabulary_in(graph).registration.namespace),
            is_taken=lambda iri: view.changes.has(graph, iri) or addresses.is_taken(iri, NO_DRAFT),
        )

    def tagger(self, catalog: str) -> Tagger:
        """What makes the tags that come with the data of a catalog; see ``tags_of_source``."""
        rejected = self.tag_decisions.rejected(catalog)
        concepts = KeywordDecisions(self.database).concepts()
        return partial(
            tags_of_source,
            rejected=rejected,
            decided=lambda word: concepts.get(keyword_form(word)),
        )

    def reverter(self, registration: Registration) -> Reverter:
        """What it takes to undo what was published in a vocabulary."""
        return Reverter(
            self.log,
            self.writer,
            self._policy(registration.graph, registration.namespace),
            self.withdrawn,
        )

    @property
    def assets(self) -> Assets:
        """What is known of assets besides what is public."""
        return Assets(self.database)

    @property
    def suggestion_answers(self) -> SuggestionAnswers:
        """What people answered to suggestions."""
        return SuggestionAnswers(self.database)

    @property
    def data_requests(self) -> DataRequests:
        """What people asked for."""
        return DataRequests(self.database)

    @property
    def withdrawn(self) -> Withdrawn:
        """What was withdrawn."""
        return Withdrawn(self.database)

    @property
    def withdrawer(self) -> Withdrawer:
        """What it takes to withdraw what was published."""
        return Withdrawer(self.writer)

    def _policy(self, graph: URIRef, namespace: str) -> Policy:
        found = Policies(self.database).get(graph)
        return Policy(
            namespace=namespace,
            address=AddressRule(found.address),
            prefix=found.prefix,
            digits=found.digits,
            notation_pattern=found.notation_pattern,
        )

    def close(self) -> None:
        """End processes and give files back."""
        self.queries.close()
        self.dumps.close()
        if self.engine is not None:
            self.engine.store.close()
        self.published.close()
        self.draft_views.close()
        self.database.dispose()


def open_services(settings: Settings) -> Services:
    """Open the database, and what depends on it."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)  # password hashes are in it
    engine = _open_tables(settings)
    log = ChangeLog(engine)
    remote = RemoteEngine(settings.store, settings.store_update) if settings.has_engine else None
    writer = Writer(settings.data, log, PROJECTIONS, _turn_to_write(settings, engine), remote)
    branches = Branches(settings.data / "drafts", engine, writer, DRAFT_PROJECTIONS)
    drafts = Drafts(DraftTable(engine), Comments(engine), branches)
    gate = Gate(QualityTable(engine))
    releases = Releases(settings.data / "releases", log, writer, settings.base, gate)
    return Services(
        settings=settings,
        log=log,
        writer=writer,
        published=Published(writer.snapshots, settings, engine=remote),
        drafts=drafts,
        draft_views=DraftViews(drafts, settings),
        proposals=Proposing(Proposals(engine)),
        notices=Notices(engine),
        spreadsheets=Spreadsheets(settings.data / "spreadsheets", log),
        tag_decisions=TagDecisions(engine),
        releases=releases,
        release_stores=ReleaseStores(releases, RELEASE_PROJECTIONS),
        publisher=Publisher(drafts, writer, log, partial(_check_draft, gate)),
        quality=gate.table,
        reports=Reports(settings.data / "quality"),
        queries=_queries(settings, remote),
        dumps=QueryPool(DUMPS, union=False),
        database=engine,
        engine=remote,
    )


def _open_tables(settings: Settings) -> Engine:
    """The database, with its tables brought up to date.

    Of a database that several nodes share, a node that has something to read does without.
    """
    engine = open_database(settings.database_url)
    try:
        migrate(engine)
    except StoreUnavailableError as error:
        if not is_shared(engine) or not Snapshots(settings.data / "snapshots").current():
            raise
        _LOG.warning("Reading goes on without the database. %s", error)
    return engine


def _turn_to_write(settings: Settings, engine: Engine) -> Turn | None:
    """The turn that other nodes wait for, too; None without others."""
    if not is_shared(engine):
        return None
    return partial(Turns(engine).take, settings.data / LOCK, Kind.LOG)


def _queries(settings: Settings, remote: RemoteEngine | None) -> QueryPool | Forwarding:
    limits = Limits(
        seconds=settings.sparql_timeout,
        memory=settings.sparql_memory * config.MIB,
        result=settings.sparql_result_limit * config.MIB,
        processes=settings.sparql_processes,
    )
    pool = QueryPool(limits, union=False)
    if remote is None:
        return pool
    bounds = Bounds(limits.seconds, limits.result)
    data = settings.data
    return Forwarding(pool, remote, bounds, data / "snapshots", data / "nothing")


def _check_draft(gate: Gate, trial: Trial) -> None:
    """What drafts must pass to be published: the rules of acts, and the quality gate.

    Both at a time, as the gate is in the engine for most of its time. The rules are told first.
    """
    with ThreadPoolExecutor(1) as pool:
        passing = pool.submit(gate.check_draft, trial)
        check_published(trial)
        passing.result()


def services() -> Services:
    """The services of the running application."""
    found: Services = current_app.extensions["vocab_server"]
    return found
