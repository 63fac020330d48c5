"""What stages, blockers and points of the checklist of a register are called on pages."""

from flask_babel import lazy_gettext as _

from vocab_server.catalog.stages import Blocker, Check, Stage

STAGES = {
    Stage.INVENTORIED: _("Inventoried"),
    Stage.ASSESSED: _("Under assessment"),
    Stage.PLANNED: _("Planned"),
    Stage.PUBLISHED: _("Open to use"),
    Stage.WITHDRAWN: _("Taken away"),
}
ABOUT_STAGES = {
    Stage.INVENTORIED: _("We know that we have it."),
    Stage.ASSESSED: _("We look at whether it can be opened."),
    Stage.PLANNED: _("It is going to be opened."),
    Stage.PUBLISHED: _("Anybody can have it, as its access says."),
    Stage.WITHDRAWN: _("It is no longer to be had. Say why below."),
}
BLOCKERS = {
    Blocker.PERSONAL_DATA: _("There are personal data in it"),
    Blocker.SECRECY: _("It is secret by law"),
    Blocker.RIGHTS: _("Others have rights to it"),
    Blocker.COST: _("Nobody has the time or the money"),
    Blocker.FORMAT: _("It is in no form that can be handed out"),
    Blocker.UNDECIDED: _("Nobody has decided yet"),
}
CHECKS = {
    Check.NO_PERSONAL_DATA: _("There are no personal or secret data in it"),
    Check.RIGHTS_CLEARED: _("Nobody else has rights to it, or they agree"),
    Check.OWNER_KNOWN: _("It is known who answers for it"),
    Check.IS_DIGITAL: _("It is digital"),
    Check.FORMAT_CHOSEN: _("The format is chosen"),
    Check.COST_KNOWN: _("It is known what it costs"),
    Check.UPKEEP_PLANNED: _("It is planned who keeps it up to date"),
}


def access_name(value: str) -> str:
    """The EU's access rights in words; "" for what is none of them."""
    names = {
        "PUBLIC": _("Public"),
        "RESTRICTED": _("Restricted"),
        "NON_PUBLIC": _("Not public"),
    }
    return str(names.get(value, ""))
