"""What proposals, their states and their rules are called on pages, in the reader's language."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from vocab_server.accounts.register import LONGEST_DISPLAY_NAME
from vocab_server.editing.proposing import (
    LONGEST_LABEL,
    LONGEST_TEXT,
    Audience,
    Did,
    Kind,
    Rule,
    State,
)
from vocab_server.editing.workflow import State as DraftState
from vocab_server.errors import ProposalRuleError

KINDS = {
    Kind.MISSING: _("A concept is missing"),
    Kind.LABEL: _("A better name"),
    Kind.PLACE: _("Another place"),
    Kind.OTHER: _("Something else"),
}
STATES = {
    State.OPEN: _("Waiting for an answer"),
    State.ACCEPTED: _("Accepted"),
    State.DECLINED: _("Declined"),
    State.ANSWERED: _("Answered"),
}
AUDIENCES = {
    Audience.EVERYBODY: _("Everybody, without signing in too"),
    Audience.ACCOUNTS: _("Everybody who is signed in"),
    Audience.PUBLISHERS: _("Publishers of data, editors and curators"),
    Audience.NOBODY: _("Nobody"),
}
DID = {
    Did.PROPOSED: _("Proposed"),
    Did.COMMENTED: _("Comment"),
    State.OPEN: _("Opened again"),
    State.ACCEPTED: _("Accepted"),
    State.DECLINED: _("Declined"),
    State.ANSWERED: _("Answered"),
}
ORDERS = {"newest": _("Newest first"), "votes": _("Most wanted first")}
DECISIONS = {
    State.ANSWERED: _("Answer"),
    State.DECLINED: _("Decline"),
    State.OPEN: _("Open again"),
}
_LONG = _("Use at most %(most)s characters.", most=LONGEST_TEXT)
RULES = {
    Rule.KIND_UNKNOWN: _("Choose what you propose."),
    Rule.LABEL_MISSING: _("Write the name that you propose."),
    Rule.LABEL_LONG: _("Use at most %(most)s characters.", most=LONGEST_LABEL),
    Rule.LANGUAGE_UNKNOWN: _("Write the language as a tag, such as en, sv or pt-BR."),
    Rule.CONCEPT_MISSING: _("Say which concept you mean."),
    Rule.CONCEPT_UNKNOWN: _("This vocabulary has no such concept."),
    Rule.BROADER_UNKNOWN: _("This vocabulary has no such concept."),
    Rule.REASON_MISSING: _("Say what you propose, and why."),
    Rule.TEXT_MISSING: _("Write what you want to say."),
    Rule.TEXT_LONG: _LONG,
    Rule.DATASET_URL: _("Begin the address of the dataset with https://, or leave it empty."),
    Rule.NAME_LONG: _("Use at most %(most)s characters.", most=LONGEST_DISPLAY_NAME),
    Rule.EMAIL_FORM: _("Write the e-mail address as in anna@example.org, or leave it empty."),
}


def told(error: ProposalRuleError) -> str:
    """A broken rule in the reader's language."""
    return str(RULES[Rule(error.rule)])


def progress(state: str, draft: str | None) -> str:
    """What became of a proposal; ``draft`` is the state of the draft that it went into."""
    if state != State.ACCEPTED:
        return str(STATES[State(state)])
    if draft == DraftState.PUBLISHED:
        return str(gettext("Published"))
    if draft == DraftState.WITHDRAWN:
        return str(gettext("Accepted, but the draft was given up"))
    return str(gettext("Accepted, and in work"))
