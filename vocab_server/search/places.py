"""Where a concept is listed: flags of the index beside the levels under other concepts."""

from collections.abc import Iterator

from vocab_server.rdf.languages import notation_order
from vocab_server.search.entries import NOTATION, Entry

TOP = "top"  # nothing is above it
STATED_TOP = "stated-top"  # a scheme has it at its top
ORPHAN = "orphan"  # neither


def top_of(scheme: str) -> str:
    """The flag of a concept that a scheme has at its top."""
    return f"top@{scheme}"


def member_of(group: str) -> str:
    """The flag of a concept that is a member of a collection."""
    return f"in@{group}"


def places(entry: Entry) -> Iterator[str]:
    """The flags of a concept; a deprecated one is listed in its groups only."""
    yield from map(member_of, entry.groups)
    if entry.is_deprecated:
        return
    yield from map(top_of, entry.top_of)
    if entry.top_of:
        yield STATED_TOP
    if not entry.parents:
        yield TOP
        if not entry.top_of:
            yield ORPHAN


def by_notation(entry: Entry, by_name: bytes) -> bytes:
    """A key that sorts by notation; concepts without one come last, by name."""
    notation = min((n.text for n in entry.names if n.property == NOTATION), default="")
    return b"0" + notation_order(notation).encode() if notation else b"1" + by_name
