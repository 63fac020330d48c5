"""Tagging as pages and programs both do it: checked, committed, and with the decision kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from rdflib import URIRef
from sqlalchemy.orm import Session

from vocab_server.accounts.account import Account
from vocab_server.accounts.roles import Permission
from vocab_server.catalog.catalogs import Registration
from vocab_server.catalog.resources import Dataset, read_dataset
from vocab_server.database.tags import Decision, Status, keep_decision
from vocab_server.errors import InvalidError, NotFoundError, Phrase, RuleBrokenError
from vocab_server.gone import refuse_vanished
from vocab_server.identity import demand
from vocab_server.rdf.change import Change
from vocab_server.reading import view
from vocab_server.search.dataset_documents import DatasetCard
from vocab_server.services import services
from vocab_server.skos.resolving import Resolved, resolve_iris
from vocab_server.skos.resolving import Status as Fate
from vocab_server.store.base import Reader
from vocab_server.tagging.tags import (
    Origin,
    Tag,
    add_tag,
    known_concepts,
    list_tags,
    remove_tags,
)

MOST = 100  # tags of one dataset


@dataclass(frozen=True, slots=True)
class ShownTag:
    """A tag with what became of its concept since; the concept may have been split or ended."""

    tag: Tag
    resolved: Resolved

    @property
    def concept(self) -> URIRef:
        """The concept to show: the one that took the place of the stated one, if one did."""
        if self.resolved.status is Fate.REPLACED:
            return self.resolved.replaced_by[0][0]
        return self.tag.concept

    @property
    def needs_choice(self) -> bool:
        """Whether a person has to choose what stands in its place."""
        return self.resolved.status in (Fate.SPLIT, Fate.DEPRECATED, Fate.WITHDRAWN)


def find_card(identifier: str) -> DatasetCard:
    """What lists show of the dataset with an id. Raises NotFoundError, GoneError if it had one."""
    card = view().datasets.get(identifier)
    if card is None:
        refuse_vanished(identifier)
        raise NotFoundError("There is no dataset %(identifier)r here.", identifier=identifier)
    return card


def find_dataset(identifier: str) -> Dataset:
    """The dataset with an id. Raises as ``find_card``."""
    return read_dataset(view().store, find_card(identifier).iri)


def shown_tags(dataset: Dataset, languages: Iterable[str]) -> tuple[ShownTag, ...]:
    """The tags of a dataset, each with what became of its concept."""
    tags = list_tags(view().store, dataset.iri, dataset.graphs)
    resolved = resolve_iris(view().store, (tag.concept for tag in tags), tuple(languages))
    fates = {str(found.iri): found for found in resolved}
    return tuple(ShownTag(tag, fates[str(tag.concept)]) for tag in tags)


def catalogs_of(dataset: Dataset) -> tuple[Registration, ...]:
    """The catalogs that describe a dataset, by id."""
    return tuple(catalog for catalog in view().catalogs if catalog.graph in dataset.graphs)


def demand_tagger(dataset: Dataset) -> tuple[Account, Registration]:
    """Who asks, and the catalog in which they may tag a dataset.

    Raises SignInNeededError, and ForbiddenError when they may in none of its catalogs.
    """
    found = catalogs_of(dataset)
    account = demand(Permission.TAG_DATASETS, anywhere=True)
    for catalog in found:
        if account.may(Permission.TAG_DATASETS, catalog.id):
            return account, catalog
    return demand(Permission.TAG_DATASETS, found[0].id), found[0]


@dataclass(frozen=True, slots=True)
class Retagged:
    """What became of a wish: the concepts as they are now, which are new, and which are gone."""

    concepts: tuple[URIRef, ...]
    new: tuple[URIRef, ...]
    gone: tuple[URIRef, ...]


def tag_dataset(
    dataset: Dataset, concept: URIRef, origin: Origin = Origin.PICKED
) -> tuple[URIRef, bool]:
    """Tag a dataset; the concept that it has now, and whether that is new.

    Raises as ``retag_dataset``.
    """
    done = retag_dataset(Wish(dataset, added=[concept], origin=origin))
    return done.concepts[0], bool(done.new)


def untag_dataset(dataset: Dataset, concept: URIRef) -> bool:
    """Take a tag from a dataset, so that no harvest brings it again; whether there was one.

    Raises as ``demand_tagger``.
    """
    return bool(retag_dataset(Wish(dataset, removed=[concept])).gone)


@dataclass(frozen=True, slots=True)
class Wish:
    """Tags that a dataset is to have more and less.

    ``suggested`` are those of the added that came from suggestions, ``dismissed`` are suggestions
    that somebody said no to; both with the words that had led to them, "" for other datasets.
    """

    dataset: Dataset
    added: Sequence[URIRef] = ()
    removed: Sequence[URIRef] = ()
    origin: Origin = Origin.PICKED
    suggested: Mapping[URIRef, str] = field(default_factory=dict)
    dismissed: Mapping[URIRef, str] = field(default_factory=dict)


def retag_dataset(wish: Wish) -> Retagged:
    """Give a dataset tags and take others away. Raises as ``retag_datasets``."""
    return retag_datasets([wish])[0]


def retag_datasets(wishes: Sequence[Wish]) -> list[Retagged]:
    """Give datasets tags and take others away, as one change: all of it or nothing.

    No dataset comes twice. What was merged into another concept gives that one. Raises as
    ``demand_tagger``, NotFoundError for what is no concept here, RuleBrokenError for one that is no
    longer used and InvalidError for more than MOST.
    """
    taggers = [demand_tagger(wish.dataset) for wish in wishes]
    now = usable_concepts({concept for wish in wishes for concept in wish.added})
    with services().writer.open() as transaction:
        planned = [
            _planned(transaction.store, wish, tagger, now)
            for wish, tagger in zip(wishes, taggers, strict=True)
        ]
        decisions = [decision for plan in planned for decision in plan.decisions]
        changes = _composed(plan.change for plan in planned if plan.change)
        if changes:
            author = taggers[0][0].name
            within = partial(_keep, decisions)
            transaction.commit(changes, author, _message(planned), within=within)
        else:
            services().tag_decisions.keep(*decisions)
    return [plan.done for plan in planned]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a wish comes to."""

    dataset: Dataset
    done: Retagged
    decisions: list[Decision]
    change: Change | None


def _planned(
    store: Reader,
    wish: Wish,
    tagger: tuple[Account, Registration],
    now: Mapping[URIRef, URIRef],
) -> _Plan:
    """What a wish comes to, with the concept to tag with for each in ``now``."""
    account, catalog = tagger
    dataset, chosen = wish.dataset, tuple(dict.fromkeys(now[concept] for concept in wish.added))
    phrases = {now[concept]: words for concept, words in wish.suggested.items() if concept in now}
    ways = {c: Origin.SUGGESTED if c in phrases else wish.origin for c in chosen}
    origins = {tag.concept: tag.origin for tag in list_tags(store, dataset.iri, [catalog.graph])}
    done = Retagged(
        chosen,
        new=tuple(concept for concept in chosen if concept not in origins),
        gone=tuple(concept for concept in dict.fromkeys(wish.removed) if concept in origins),
    )
    _demand_room(len(origins), done)
    refused = _refused(wish.dismissed, chosen) if wish.dismissed else []
    verdicts: list[_Verdict] = [
        *((c, Status.CONFIRMED, ways[c], phrases.get(c)) for c in chosen),
        *((c, Status.REJECTED, origins[c], None) for c in done.gone),
        *((c, Status.REJECTED, Origin.SUGGESTED, w) for c, w in refused if c not in origins),
    ]
    decisions = [_decision(dataset, catalog, account, verdict) for verdict in verdicts]
    is_changed = done.new or done.gone
    change = _change(store, catalog.graph, dataset.iri, done, ways) if is_changed else None
    return _Plan(dataset, done, decisions, change)


def _composed(changes: Iterable[Change]) -> list[Change]:
    """One change for each graph that any of the changes is of."""
    by_graph: dict[URIRef, list[Change]] = defaultdict(list)
    for change in changes:
        by_graph[change.graph].append(change)
    return [
        Change(
            graph,
            frozenset().union(*(change.added for change in some)),
            frozenset().union(*(change.removed for change in some)),
        )
        for graph, some in by_graph.items()
    ]


def _message(planned: Sequence[_Plan]) -> str:
    changed = [plan for plan in planned if plan.change]
    new = sum(len(plan.done.new) for plan in changed)
    gone = sum(len(plan.done.gone) for plan in changed)
    what = str(changed[0].dataset.iri) if len(changed) == 1 else f"{len(changed)} datasets"
    return f"Tag {what}: {new} more, {gone} less"


def usable_concepts(concepts: Iterable[URIRef]) -> dict[URIRef, URIRef]:
    """The concept to tag with for each. Raises NotFoundError, RuleBrokenError."""
    fates = resolve_iris(view().store, concepts, ())
    now = {
        URIRef(found.iri): found.replaced_by[0][0]
        if found.status is Fate.REPLACED
        else URIRef(found.iri)
        for found in fates
    }
    known = known_concepts(view().store, set(now.values()))
    for found in fates:
        chosen = now[URIRef(found.iri)]
        if str(chosen) not in known:
            raise NotFoundError("No vocabulary here has a concept %(chosen)s.", chosen=chosen)
        if found.status not in (Fate.CURRENT, Fate.REPLACED):
            raise _no_longer_used(found)
    return now


def _no_longer_used(found: Resolved) -> RuleBrokenError:
    instead = ", ".join(str(iri) for iri, _ in found.replaced_by)
    return RuleBrokenError(
        "owl:deprecated",
        "%(concept)s is no longer used.",
        Phrase("Choose one of: %(instead)s.") if instead else Phrase("Choose another one."),
        concept=found.iri,
        instead=instead,
    )


def _demand_room(held: int, done: Retagged) -> None:
    """Pass silently for a change that leaves at most MOST tags, or adds none."""
    if done.new and held - len(done.gone) + len(done.new) > MOST:
        raise InvalidError(
            "A dataset has at most %(most)s categories. Take one away first.", most=MOST
        )


def _change(
    store: Reader,
    catalog: URIRef,
    dataset: URIRef,
    done: Retagged,
    ways: Mapping[URIRef, Origin],
) -> Change:
    change = remove_tags(store, catalog, ((dataset, concept) for concept in done.gone))
    more = (add_tag(catalog, dataset, concept, ways[concept]).added for concept in done.new)
    return Change(change.graph, change.added.union(*more), change.removed)


def _refused(
    dismissed: Mapping[URIRef, str], chosen: Collection[URIRef]
) -> list[tuple[URIRef, str]]:
    """The dismissed concepts that there are, and that nobody chose after all."""
    known = known_concepts(view().store, map(str, dismissed))
    return [(c, words) for c, words in dismissed.items() if str(c) in known and c not in chosen]


_Verdict = tuple[URIRef, Status, Origin, str | None]  # of a concept, with the words that led to it


def _decision(
    dataset: Dataset, catalog: Registration, account: Account, verdict: _Verdict
) -> Decision:
    concept, status, origin, words = verdict
    return Decision(
        dataset=str(dataset.iri),
        concept=str(concept),
        catalog=catalog.id,
        status=status,
        origin=str(origin),
        account=account.name,
        time=datetime.now(UTC),
        keyword=words,
    )


def _keep(decisions: Iterable[Decision], session: Session, _number: int) -> None:
    for decision in decisions:
        keep_decision(session, decision)
