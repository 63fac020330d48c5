"""What a change does, in words of the interface language."""

from flask_babel import gettext as _

from vocab_server.skos.telling import Kind
from vocab_server.skos.told_groups import Group


def told_name(kind: Kind) -> str:
    """What happened, in a few words."""
    return str(_names()[kind])


def group_name(group: Group) -> str:
    """The heading of a group of changes."""
    names = {
        Group.ADDED: _("Added"),
        Group.DEPRECATED: _("No longer used or removed"),
        Group.RELABELLED: _("Terms changed"),
        Group.MOVED: _("Moved"),
        Group.REMAPPED: _("Mappings"),
        Group.NOTED: _("Definitions and notes"),
        Group.OTHER: _("Other changes"),
    }
    return str(names[group])


def _names() -> dict[Kind, str]:
    return {
        Kind.CREATED: _("Created"),
        Kind.REMOVED: _("Removed"),
        Kind.MERGED: _("Merged into another concept"),
        Kind.SPLIT: _("Split into several concepts"),
        Kind.REPLACED: _("Replaced"),
        Kind.DEPRECATED: _("No longer used"),
        Kind.RESTORED: _("In use again"),
        Kind.MOVED: _("Moved"),
        Kind.PLACED: _("Placed under one more concept"),
        Kind.TAKEN: _("Taken from a place"),
        Kind.RELATED: _("Related"),
        Kind.UNRELATED: _("Relation removed"),
        Kind.REORDERED: _("Members in another order"),
    } | _value_names()


def _value_names() -> dict[Kind, str]:
    return {
        Kind.LABEL_ADDED: _("Label added"),
        Kind.LABEL_CHANGED: _("Label changed"),
        Kind.LABEL_REMOVED: _("Label removed"),
        Kind.NOTATION_ADDED: _("Notation added"),
        Kind.NOTATION_CHANGED: _("Notation changed"),
        Kind.NOTATION_REMOVED: _("Notation removed"),
        Kind.NOTE_ADDED: _("Note added"),
        Kind.NOTE_CHANGED: _("Note changed"),
        Kind.NOTE_REMOVED: _("Note removed"),
        Kind.MAPPED: _("Mapping added"),
        Kind.REMAPPED: _("Mapping changed"),
        Kind.UNMAPPED: _("Mapping removed"),
        Kind.MEMBER_ADDED: _("Member added"),
        Kind.MEMBER_CHANGED: _("Member changed"),
        Kind.MEMBER_REMOVED: _("Member removed"),
        Kind.POSITION_ADDED: _("Position added"),
        Kind.POSITION_CHANGED: _("Position changed"),
        Kind.POSITION_REMOVED: _("Position removed"),
        Kind.STATEMENT_ADDED: _("Statement added"),
        Kind.STATEMENT_CHANGED: _("Statement changed"),
        Kind.STATEMENT_REMOVED: _("Statement removed"),
    }
