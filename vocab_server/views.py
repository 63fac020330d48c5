"""Snapshots open for reading: what is published, and drafts as they would be."""

import threading
import weakref
from collections import OrderedDict
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import tantivy
from rdflib import URIRef
from werkzeug.http import http_date

from vocab_server.catalog.catalogs import Registration as Catalog
from vocab_server.catalog.catalogs import list_catalogs
from vocab_server.catalog.peers import peers_of
from vocab_server.config import Settings
from vocab_server.database.drafts import Draft
from vocab_server.editing.drafts import Drafts
from vocab_server.errors import NotFoundError, StoreUnavailableError
from vocab_server.rdf.languages import Label, chain
from vocab_server.rdf.namespaces import SKOS
from vocab_server.search.cards import Cards
from vocab_server.search.change_lists import ChangeLists
from vocab_server.search.dataset_find import DatasetIndex
from vocab_server.search.find import Hit, Wanted, search
from vocab_server.search.histories import Histories
from vocab_server.search.within import Within
from vocab_server.skos.below import ConceptSets
from vocab_server.skos.groups import Structure
from vocab_server.skos.hierarchy import Lens
from vocab_server.skos.outline import Outline, read_outlines
from vocab_server.skos.releases import Release, list_releases
from vocab_server.skos.statistics import (
    GraphStatistics,
    read_statistics,
)
from vocab_server.skos.vocabularies import (
    Vocabulary,
    list_registrations,
    read_vocabulary,
)
from vocab_server.store.base import Reader
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.engine import Engine
from vocab_server.store.snapshots import Snapshots, number_of

SUGGESTED = 2_000  # answers to what was typed that are remembered
DRAFT_VIEWS = 16  # drafts that a process has open for reading at a time
CURRENT = "vocab_server.snapshot"  # in the environment: the snapshot that was current just now
LENSES = 200  # vocabularies in a language whose opened levels are remembered


class View:
    """One snapshot, open for reading; everything in a request is read from one and the same.

    ``name`` is another one for every snapshot, published or of a draft. ``store`` is what pages
    read, which may be a remote engine; ``copy`` is the snapshot's own, for who reads whole graphs,
    and ``at_hand`` for small queries from outside: None when one triple in it may be huge.
    ``directory`` is where that store is.
    """

    def __init__(
        self, path: Path, settings: Settings, prefix: str = "", engine: Engine | None = None
    ) -> None:
        self.path = path
        self.name = prefix + path.name
        self.directory = path / "store"
        self.copy = EmbeddedStore.read_only(self.directory)
        self.store: Reader = engine.reader(path, self.copy) if engine else self.copy
        self.sets = ConceptSets(self.store)
        self._settings = settings
        self._statistics = read_statistics(path)
        has_long = any(counted.long for counted in self._statistics.values())
        self.at_hand = None if has_long else self.copy.at_hand()
        self._vocabularies: dict[str, Vocabulary] = {}
        self._lenses: dict[tuple[URIRef, str], Lens] = {}
        self._titles: dict[tuple[URIRef, str], Label] = {}
        self._peers: dict[str, frozenset[URIRef]] = {}
        self._suggested: dict[tuple[Wanted, int], list[Hit]] = {}

    @cached_property
    def published(self) -> datetime:
        """When it was published."""
        return datetime.fromtimestamp(int(self.path.stat().st_mtime), UTC)

    @cached_property
    def modified(self) -> str:
        """When it was published, as headers write it (RFC 9110, 5.6.7)."""
        return http_date(self.published)

    @cached_property
    def index(self) -> tantivy.Searcher:
        """The search index."""
        return tantivy.Index.open(str(self.path / "index")).searcher()

    @cached_property
    def datasets(self) -> DatasetIndex:
        """The index of datasets."""
        return DatasetIndex(tantivy.Index.open(str(self.path / "datasets")).searcher())

    @cached_property
    def catalogs(self) -> tuple[Catalog, ...]:
        """All catalogs, by id."""
        return tuple(list_catalogs(self.store, self._settings.base))

    def catalog(self, identifier: str) -> Catalog:
        """The catalog with this id. Raises NotFoundError."""
        for catalog in self.catalogs:
            if catalog.id == identifier:
                return catalog
        raise NotFoundError("There is no catalog %(catalog)r here.", catalog=identifier)

    def peers(self, catalog: Catalog) -> frozenset[URIRef]:
        """The graphs of the catalogs of organisations like that of one; none if all others are."""
        if catalog.id not in self._peers:
            found = frozenset(peers_of(self.store, catalog, self.catalogs))
            is_all = len(found) >= len(self.catalogs) - 1
            self._peers[catalog.id] = frozenset() if is_all else found
        return self._peers[catalog.id]

    @cached_property
    def changes(self) -> ChangeLists:
        """What is new, changed and deprecated. Raises StoreUnavailableError without lists."""
        return ChangeLists(self.path)

    @cached_property
    def histories(self) -> Histories:
        """Which changes speak of which resource. Raises StoreUnavailableError without any."""
        return Histories(self.path)

    @cached_property
    def cards(self) -> Cards:
        """What lists show of concepts."""
        return Cards(self.index)

    def suggest(self, wanted: Wanted, limit: int) -> list[Hit]:
        """The first hits of a search; the last SUGGESTED answers are remembered.

        Most people begin with the same few letters.
        """
        if wanted.among is not None:
            return search(self.index, wanted, limit=limit)[0]
        key = wanted, limit
        found = self._suggested.get(key)
        if found is None:
            if len(self._suggested) >= SUGGESTED:
                self._suggested = {}
            found = self._suggested[key] = search(self.index, wanted, limit=limit)[0]
        return found

    @cached_property
    def within(self) -> Within:
        """Sets of concepts that searches stay among."""
        return Within(self.store, self.cards)

    @cached_property
    def structure(self) -> Structure:
        """Groups, lists and circles."""
        return Structure(self.path)

    @cached_property
    def vocabularies(self) -> tuple[Vocabulary, ...]:
        """All vocabularies, by id."""
        registered = list_registrations(self.store, self._settings.base)
        return tuple(read_vocabulary(self.store, registration) for registration in registered)

    def vocabulary(self, identifier: str) -> Vocabulary:
        """The vocabulary with this id. Raises NotFoundError."""
        for vocabulary in self.vocabularies:
            if vocabulary.id == identifier:
                return vocabulary
        raise NotFoundError("There is no vocabulary %(vocabulary)r here.", vocabulary=identifier)

    @cached_property
    def releases(self) -> dict[URIRef, tuple[Release, ...]]:
        """The releases of each vocabulary by its graph, the newest first."""
        return list_releases(self.store, self._settings.base)

    def vocabulary_in(self, graph: URIRef) -> Vocabulary:
        """The vocabulary that a named graph holds. Raises NotFoundError."""
        for vocabulary in self.vocabularies:
            if vocabulary.graph == graph:
                return vocabulary
        raise NotFoundError("There is no vocabulary %(graph)s here any more.", graph=graph)

    def statistics(self, graph: URIRef) -> GraphStatistics:
        """The counts of a graph; all zero when nothing is in it."""
        return self._statistics.get(graph) or GraphStatistics()

    @cached_property
    def outlines(self) -> dict[URIRef, Outline]:
        """How the hierarchy of each graph is built; none in a snapshot of an older version."""
        return read_outlines(self.path)

    @cached_property
    def graphs(self) -> tuple[URIRef, ...]:
        """All named graphs, in order."""
        return tuple(sorted(self._statistics))

    def lens(self, graph: URIRef, wanted: str) -> Lens:
        """How a vocabulary is shown to who wants names in this language."""
        key = (graph, wanted)
        if key not in self._lenses:
            if len(self._lenses) >= LENSES:
                self._lenses.clear()
            counted = self.statistics(graph)
            self._lenses[key] = Lens(
                store=self.store,
                graph=graph,
                languages=chain(wanted, self._settings.languages, counted.languages),
                wanted=wanted,
                by_notation=self._is_by_notation(graph),
                listed=self.cards,
                properties=frozenset(+counted.properties),
            )
        return self._lenses[key]

    def title(self, graph: URIRef, wanted: str) -> Label:
        """What a vocabulary is called, for who wants names in this language.

        The graph's own name when nothing registers it.
        """
        key = (graph, wanted)
        found = self._titles.get(key)
        if found is None:
            languages = self.lens(graph, wanted).languages
            titles = (v.title(languages) for v in self.vocabularies if v.graph == graph)
            if len(self._titles) >= LENSES:
                self._titles = {}
            found = self._titles[key] = next(titles, Label(graph))
        return found

    def _is_by_notation(self, graph: URIRef) -> bool:
        """Whether most concepts have a notation, and it says where they stand."""
        counted = self.statistics(graph)
        has_most = counted.properties[str(SKOS.notation)] > counted.concepts / 2
        return has_most and self.structure.is_by_notation(graph)


class Published:
    """The current snapshot: one system call to see whether it has moved.

    With an ``engine``, that is what is read, and it must have all that the snapshot has.
    """

    def __init__(
        self,
        snapshots: Snapshots,
        settings: Settings,
        prefix: str = "",
        engine: Engine | None = None,
    ) -> None:
        self._snapshots = snapshots
        self._engine = engine
        self._settings = settings
        self._prefix = prefix
        self._lock = threading.Lock()
        self._view: View | None = None

    def view(self, name: str | None = None) -> View:
        """What is published now. Raises StoreUnavailableError when nothing is, yet.

        ``name`` is that of the current snapshot, for who has just seen it.
        """
        view = self._current(name)
        if self._engine is not None and view.store is not view.copy:
            self._engine.demand(number_of(view.path))
        return view

    def name(self) -> str:
        """The name of the current snapshot, or "" when there is none."""
        return self._snapshots.name() or ""

    def close(self) -> None:
        """Let go of the snapshot that is open."""
        self._view = None

    def _current(self, name: str | None) -> View:
        view = self._view
        if view is not None and view.path.name == (name or self._snapshots.name()):
            return view
        with self._lock:
            return self._opened()

    def _opened(self) -> View:
        if self._view is not None and self._view.path.name == self._snapshots.name():
            return self._view
        found = self._snapshots.open()
        if found is None:
            raise StoreUnavailableError("Nothing is published yet. Run: vocab-server init")
        path, lease = found
        with ExitStack() as unread:
            unread.callback(lease.close)
            view = View(path, self._settings, self._prefix, self._engine)
            unread.pop_all()
        weakref.finalize(view, lease.close)
        self._view = view
        return view


class DraftViews:
    """The drafts that are read in this process: DRAFT_VIEWS of them are open, the last used."""

    def __init__(self, drafts: Drafts, settings: Settings) -> None:
        self._drafts = drafts
        self._settings = settings
        self._lock = threading.Lock()
        self._open: OrderedDict[str, Published] = OrderedDict()

    def view(self, draft: Draft) -> View:
        """A draft as it is now. Raises ConflictError when it is published or withdrawn."""
        opened = self._published(draft)
        try:
            view = opened.view()
        except (StoreUnavailableError, OSError, ValueError):  # lost or damaged
            self._drafts.repair(draft)
            return opened.view()
        if number_of(view.path) < self._drafts.branches.log(draft).last():
            self._drafts.catch_up(draft)
            return opened.view()
        return view

    def close(self) -> None:
        """Let go of all drafts."""
        with self._lock:
            self._open.clear()

    def _published(self, draft: Draft) -> Published:
        key = f"draft-{draft.id}-{draft.generation}/"
        with self._lock:
            if key not in self._open:
                snapshots = self._drafts.branches.snapshots(draft)
                self._open[key] = Published(snapshots, self._settings, key)
            self._open.move_to_end(key)
            if len(self._open) > DRAFT_VIEWS:
                self._open.popitem(last=False)
            return self._open[key]
