"""What checks find at one resource, and what a change would bring, without looking at the rest."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import closing

from rdflib import URIRef

from vocab_server.quality.check import Check, Finding, Query, Routine, to_finding
from vocab_server.quality.part import Part
from vocab_server.quality.running import Looked, lines_of
from vocab_server.quality.surroundings import Edited, TooMuchError, read_edited, surroundings
from vocab_server.rdf.change import Change, Patch
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
        around = surroundings(store, graph, Edited(frozenset({resource})))
    except TooMuchError:
        return []
    with closing(around.store()) as part:
        looked = Looked(part, graph, languages, part=Part(around.lines))
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
        chosen = [check for check in checks if not check.needs_all and _may_break(check, edited)]
        brought = lines_brought(store, change, edited, chosen, languages)
    except TooMuchError:
        return []
    return [to_finding(check, line) for check, lines in brought.items() for line in lines]


def lines_brought(
    store: Reader,
    patch: Patch,
    edited: Edited,
    checks: Iterable[Check],
    languages: Collection[str] = (),
) -> dict[Check, list[bytes]]:
    """What a patch, which makes an edit, would bring near by, for each check that finds any.

    None of ``checks`` needs all. Raises TooMuchError.
    """
    around = surroundings(store, patch.graph, edited)
    with closing(around.store(patch)) as part:
        whole = Part.of(part, patch.graph)
        found = _found(checks, Looked(part, patch.graph, languages, part=whole))
        if not found:
            return {}
        around.take_back(patch, part)
        whole = Part(around.lines)
        known = _found(found, Looked(part, patch.graph, languages, part=whole))
    new = {check: _without(lines, known.get(check, ())) for check, lines in found.items()}
    return {check: lines for check, lines in new.items() if lines}


def _may_break(check: Check, edited: Edited) -> bool:
    """Whether an edit may bring a finding of a check: most look at other properties."""
    return not isinstance(check.find, Query | Routine) or check.find.may_read(edited.paths)


def _found(checks: Iterable[Check], material: Looked) -> dict[Check, list[bytes]]:
    return {check: lines for check in checks if (lines := lines_of(check, material))}


def _without(lines: Iterable[bytes], known: Sequence[bytes]) -> list[bytes]:
    left_out = set(known)
    return [line for line in lines if line not in left_out]
