"""What states, steps and changes of drafts are called on pages, in the reader's language."""

from flask_babel import lazy_gettext as _

from vocab_server.editing.conflicts import Reason
from vocab_server.editing.workflow import State
from vocab_server.rdf.namespaces import DCT, OWL, RDFS, SKOS, VANN
from vocab_server.skos.telling import Kind

STATES = {
    State.OPEN: _("Open"),
    State.IN_REVIEW: _("In review"),
    State.CHANGES_REQUESTED: _("Changes requested"),
    State.APPROVED: _("Approved"),
    State.PUBLISHED: _("Published"),
    State.WITHDRAWN: _("Withdrawn"),
}
STEPS = {
    State.OPEN: _("Open again"),
    State.IN_REVIEW: _("Submit for review"),
    State.CHANGES_REQUESTED: _("Request changes"),
    State.APPROVED: _("Approve"),
    State.PUBLISHED: _("Publish"),
    State.WITHDRAWN: _("Withdraw"),
}
LABELS = {
    SKOS.prefLabel: _("Preferred term"),
    SKOS.altLabel: _("Alternative term"),
    SKOS.hiddenLabel: _("Hidden term"),
}
NOTES = {
    SKOS.definition: _("Definition"),
    SKOS.scopeNote: _("Scope note"),
    SKOS.example: _("Example"),
    SKOS.note: _("Note"),
    SKOS.changeNote: _("Change note"),
    SKOS.historyNote: _("History note"),
    SKOS.editorialNote: _("Editorial note"),
}
MAPPINGS = {
    SKOS.exactMatch: _("Exact match"),
    SKOS.closeMatch: _("Close match"),
    SKOS.broadMatch: _("Broader match"),
    SKOS.narrowMatch: _("Narrower match"),
    SKOS.relatedMatch: _("Related match"),
}
MEANINGS = {
    SKOS.exactMatch: _("They mean the same: either can stand for the other everywhere."),
    SKOS.closeMatch: _("They mean nearly the same: in some uses one can stand for the other."),
    SKOS.broadMatch: _("The other concept is wider: this one falls under it."),
    SKOS.narrowMatch: _("The other concept is narrower: it falls under this one."),
    SKOS.relatedMatch: _("They belong together, and neither is wider than the other."),
}
REASONS = {
    Reason.REPLACED_TWICE: _("Both replaced the same text or statement by another one."),
    Reason.TWO_VALUES: _("Both gave a value where there can be only one."),
    Reason.RETIRED: _("One side ended the use of the concept, the other worked on it."),
    Reason.POINTS_AT_RETIRED: _("One side points at a concept whose use the other side ended."),
}
METADATA_NAMES = {
    DCT.title: _("Title"),
    DCT.description: _("Description"),
    DCT.creator: _("Creator"),
    DCT.publisher: _("Publisher"),
    DCT.license: _("Licence"),
    DCT.source: _("Source"),
    DCT.rights: _("Rights"),
    OWL.versionInfo: _("Version"),
    RDFS.seeAlso: _("See also"),
    SKOS.definition: _("Definition"),
    SKOS.historyNote: _("History note"),
    VANN.preferredNamespacePrefix: _("Preferred prefix"),
    VANN.preferredNamespaceUri: _("Preferred namespace"),
}
PROPERTIES = {
    **METADATA_NAMES,
    **LABELS,
    **NOTES,
    **MAPPINGS,
    SKOS.notation: _("Notation"),
    SKOS.member: _("Members"),
}

# One sentence for each thing that a change does; what was and what is stands below it.
SENTENCES = {
    Kind.CREATED: _("New: %(concept)s under %(after)s"),
    Kind.REMOVED: _("Removed: %(concept)s"),
    Kind.MERGED: _("Merged %(concept)s into %(after)s"),
    Kind.SPLIT: _("Split %(concept)s into %(after)s"),
    Kind.REPLACED: _("%(concept)s is no longer used; use %(after)s instead"),
    Kind.DEPRECATED: _("%(concept)s is no longer used and has no replacement"),
    Kind.RESTORED: _("%(concept)s is used again"),
    Kind.MOVED: _("Moved %(concept)s from %(before)s to %(after)s"),
    Kind.PLACED: _("Put %(concept)s under %(after)s"),
    Kind.TAKEN: _("Took %(concept)s from under %(before)s"),
    Kind.LABEL_ADDED: _("Added to %(concept)s: %(what)s"),
    Kind.LABEL_CHANGED: _("Changed in %(concept)s: %(what)s"),
    Kind.LABEL_REMOVED: _("Removed from %(concept)s: %(what)s"),
    Kind.RELATED: _("Related %(concept)s to %(after)s"),
    Kind.UNRELATED: _("Related no longer: %(concept)s and %(before)s"),
    Kind.REORDERED: _("Changed the order in %(concept)s"),
    Kind.POSITION_ADDED: _("Changed the place of %(concept)s among those beside it"),
}
NEW = {  # of a class that is at no place in the hierarchy
    SKOS.Collection: _("New collection: %(concept)s"),
    SKOS.OrderedCollection: _("New collection with an order: %(concept)s"),
    SKOS.ConceptScheme: _("New concept scheme: %(concept)s"),
}
_LIKE = {
    Kind.LABEL_ADDED: (
        Kind.NOTATION_ADDED,
        Kind.NOTE_ADDED,
        Kind.MAPPED,
        Kind.MEMBER_ADDED,
        Kind.STATEMENT_ADDED,
    ),
    Kind.LABEL_CHANGED: (
        Kind.NOTATION_CHANGED,
        Kind.NOTE_CHANGED,
        Kind.REMAPPED,
        Kind.MEMBER_CHANGED,
        Kind.STATEMENT_CHANGED,
    ),
    Kind.LABEL_REMOVED: (
        Kind.NOTATION_REMOVED,
        Kind.NOTE_REMOVED,
        Kind.UNMAPPED,
        Kind.MEMBER_REMOVED,
        Kind.STATEMENT_REMOVED,
    ),
    Kind.POSITION_ADDED: (Kind.POSITION_CHANGED, Kind.POSITION_REMOVED),
}
SENTENCES |= {other: SENTENCES[kind] for kind, others in _LIKE.items() for other in others}
