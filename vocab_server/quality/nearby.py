"""What checks find at one resource, and what a change would bring, without looking at the rest."""

from collections.abc import Collection, Iterable
from contextlib import closing

from rdflib import URIRef

from vocab_server.quality.check import Check, Finding, Query, to_finding
from vocab_server.quality.running import Looked, lines_of
from vocab_server.quality.surroundings import Edited, TooMuchError, read_edited, surroundings
from vocab_server.rdf.change import Change
from vocab_server.store.base import Reader


def findings_at(
    store: Reader,
    graph: URIRef,
    resource: URIRef,
    checks: Iterable[Check],
    languages: Collection[str] = (),
) -> list[Finding]:
    """What checks find at a resource, in the order of ``checks``, those that need all left out.

    Nothing for a resource that so much surrounds that it would take long.
    """
    try:
        (part,) = surroundings((store,), graph, Edited(frozenset({resource})))
    except TooMuchError:
        return []
    with closing(part):
        looked = Looked(part, graph, languages)
        found = [
            to_finding(check, line)
            for check in checks
            if not check.needs_all
            for line in lines_of(check, looked)
        ]
    return [finding for finding in found if finding.focus == resource]


def brought_by(
    store: Reader, change: Change, checks: Iterable[Check], languages: Collection[str] = ()
) -> list[Finding]:
    """What a change that is not made yet would bring, in the order of ``checks``.

    Those that need all are left out. Nothing for a change of so much that it would take long.
    """
    try:
        edited = read_edited(change)
        before, after = surroundings((store, store), change.graph, edited)
    except TooMuchError:
        return []
    with closing(before), closing(after):
        after.remove(change.graph, change.removed_blocks())
        after.add(change.graph, change.added_blocks())
        old, new = (Looked(part, change.graph, languages) for part in (before, after))
        return [
            to_finding(check, line)
            for check in checks
            if not check.needs_all and _may_break(check, edited)
            for line in _new(check, old, new)
        ]


def _may_break(check: Check, edited: Edited) -> bool:
    """Whether an edit may bring a finding of a check: most queries look at other properties."""
    return not isinstance(check.find, Query) or check.find.may_read(edited.paths)


def _new(check: Check, before: Looked, after: Looked) -> list[bytes]:
    found = lines_of(check, after)
    known = set(lines_of(check, before)) if found else set()
    return [line for line in found if line not in known]
