"""What was told of a change in the groups that release notes have."""

from collections.abc import Iterable
from enum import StrEnum

from vocab_server.skos.telling import Kind, Told


class Group(StrEnum):
    """What readers of a new release look for, in this order."""

    ADDED = "added"
    DEPRECATED = "deprecated"
    RELABELLED = "relabelled"
    MOVED = "moved"
    REMAPPED = "remapped"
    NOTED = "noted"
    OTHER = "other"


GROUPS: dict[Group, tuple[Kind, ...]] = {
    Group.ADDED: (Kind.CREATED, Kind.RESTORED),
    Group.DEPRECATED: (Kind.MERGED, Kind.SPLIT, Kind.REPLACED, Kind.DEPRECATED, Kind.REMOVED),
    Group.RELABELLED: (Kind.LABEL_ADDED, Kind.LABEL_CHANGED, Kind.LABEL_REMOVED),
    Group.MOVED: (Kind.MOVED, Kind.PLACED, Kind.TAKEN),
    Group.REMAPPED: (Kind.MAPPED, Kind.REMAPPED, Kind.UNMAPPED),
    Group.NOTED: (Kind.NOTE_ADDED, Kind.NOTE_CHANGED, Kind.NOTE_REMOVED),
}
_GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}


def group_of(item: Told) -> Group:
    """The group of an item; OTHER for what is in none."""
    return _GROUP_OF.get(item.kind, Group.OTHER)


def grouped(items: Iterable[Told]) -> dict[Group, tuple[Told, ...]]:
    """The items of each group, all groups in order, also those without any."""
    found: dict[Group, list[Told]] = {group: [] for group in Group}
    for item in items:
        found[group_of(item)].append(item)
    return {group: tuple(listed) for group, listed in found.items()}
