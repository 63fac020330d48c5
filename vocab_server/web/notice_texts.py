"""What notices say on pages and in letters, in the reader's language."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from vocab_server.editing.notifying import About

KINDS = {
    About.PROPOSED: _("Somebody proposes something"),
    About.COMMENTED: _("A comment on a proposal"),
    About.ANSWERED: _("My proposal is answered"),
    About.ACCEPTED: _("My proposal is accepted"),
    About.DECLINED: _("My proposal is declined"),
    About.PROPOSAL_PUBLISHED: _("What I proposed is published"),
    About.SUBMITTED: _("A draft is to be reviewed"),
    About.CHANGES_REQUESTED: _("Changes are requested in my draft"),
    About.APPROVED: _("My draft is approved"),
    About.PUBLISHED: _("A draft that I worked on is published"),
    About.HARVEST_FAILED: _("A harvest of my catalog failed"),
}
_SENTENCES = {
    About.PROPOSED: _("%(actor)s proposes “%(title)s”"),
    About.COMMENTED: _("%(actor)s commented on the proposal “%(title)s”"),
    About.ANSWERED: _("%(actor)s answered the proposal “%(title)s”"),
    About.ACCEPTED: _("%(actor)s accepted the proposal “%(title)s”"),
    About.DECLINED: _("%(actor)s declined the proposal “%(title)s”"),
    About.PROPOSAL_PUBLISHED: _("What was proposed as “%(title)s” is published"),
    About.SUBMITTED: _("%(actor)s asks for a review of the draft “%(title)s”"),
    About.CHANGES_REQUESTED: _("%(actor)s requests changes in the draft “%(title)s”"),
    About.APPROVED: _("%(actor)s approved the draft “%(title)s”"),
    About.PUBLISHED: _("%(actor)s published the draft “%(title)s”"),
    About.HARVEST_FAILED: _("The harvest of the catalog “%(title)s” failed; nothing was changed"),
}


def sentence(about: str, actor: str, title: str) -> str:
    """A notice in one sentence; the actor is "" for a proposer without an account."""
    who = actor or gettext("Somebody without an account")
    return str(_SENTENCES[About(about)]) % {"actor": who, "title": title}
