"""What rules, roles, permissions and acts are called on pages, in the reader's language."""

from flask_babel import lazy_gettext as _
from flask_babel import ngettext

from vocab_server.accounts import passwords, register, tokens
from vocab_server.accounts.audit import Act
from vocab_server.accounts.roles import Permission, Role
from vocab_server.accounts.rules import Rule
from vocab_server.errors import AccountRuleError

RULES = {
    Rule.NAME_FORM: _(
        "Use only the letters a to z, digits and . _ @ + - in the name, and begin with a letter"
        " or a digit."
    ),
    Rule.NAME_TAKEN: _("There is an account with this name already. Choose another name."),
    Rule.TEXT_TOO_LONG: _(
        "Use at most %(most)s characters for the shown name.", most=register.LONGEST_DISPLAY_NAME
    ),
    Rule.EMAIL_FORM: _("Write the e-mail address as in anna@example.org, or leave it empty."),
    Rule.PASSWORD_SHORT: _("Use at least %(least)s characters.", least=passwords.SHORTEST),
    Rule.PASSWORD_LONG: _("Use at most %(most)s characters.", most=passwords.LONGEST),
    Rule.PASSWORD_EASY: _(
        "This password is easy to guess. Take several words that do not belong together."
    ),
    Rule.PASSWORD_WRONG: _("Name or password is not right. Check both and try again."),
    Rule.ROLE_UNKNOWN: _("Choose one of the roles."),
    Rule.ROLE_HAS_NO_SCOPE: _("This role holds for everything. Leave vocabulary or catalog empty."),
    Rule.SCOPE_UNKNOWN: _("There is no such vocabulary or catalog here. Write its id."),
    Rule.LAST_ADMINISTRATOR: _(
        "This is the last active administrator. Give somebody else that role first."
    ),
    Rule.TOKEN_SCOPE_UNKNOWN: _("Choose at least one thing that the token may do."),
    Rule.TOKEN_DAYS: _("A token is good for 1 to %(most)s days.", most=tokens.MOST_DAYS),
    Rule.TOKEN_LABEL: _("Use at most %(most)s characters.", most=tokens.LONGEST_LABEL),
    Rule.IDENTITY_TAKEN: _("That sign-in belongs to another account already."),
}
ROLES = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.CURATOR: _("Curator"),
    Role.EDITOR: _("Editor"),
    Role.PUBLISHER: _("Publisher of data"),
    Role.READER: _("Reader"),
}
ABOUT_ROLES = {
    Role.ADMINISTRATOR: _("everything, accounts and settings too"),
    Role.CURATOR: _("edit drafts, review those of others, publish, release"),
    Role.EDITOR: _("edit drafts and hand them in for review"),
    Role.PUBLISHER: _("datasets, tags and proposals of own catalogs"),
    Role.READER: _("see drafts that are shared for comment; everybody who is signed in can"),
}
PERMISSIONS = {
    Permission.READ_DRAFTS: _("see drafts that are shared for comment"),
    Permission.PROPOSE: _("propose concepts"),
    Permission.TAG_DATASETS: _("tag datasets"),
    Permission.EDIT_DATASETS: _("edit datasets"),
    Permission.EDIT_DRAFTS: _("edit drafts"),
    Permission.REVIEW_DRAFTS: _("review drafts"),
    Permission.PUBLISH: _("publish drafts"),
    Permission.RELEASE: _("make releases"),
    Permission.MANAGE_VOCABULARIES: _("manage vocabularies"),
    Permission.MANAGE_CATALOGS: _("manage catalogs"),
    Permission.READ_AUDIT: _("read the audit trail"),
    Permission.MANAGE_ACCOUNTS: _("manage accounts"),
}
SCOPES = {
    "read": _("Read what I can read"),
    "write": _("Read and change what I can change, but not accounts"),
    **{permission.value: text for permission, text in PERMISSIONS.items()},
}
ACTS = {
    Act.SIGNED_IN: _("signed in"),
    Act.SIGN_IN_FAILED: _("sign-in failed"),
    Act.SIGNED_OUT: _("signed out"),
    Act.PASSWORD_CHANGED: _("password changed"),
    Act.ACCOUNT_ADDED: _("account added"),
    Act.ACCOUNT_CHANGED: _("account changed"),
    Act.ACCOUNT_ACTIVATED: _("account activated"),
    Act.ACCOUNT_DEACTIVATED: _("account deactivated"),
    Act.ROLE_GIVEN: _("role given"),
    Act.ROLE_TAKEN: _("role taken"),
    Act.TOKEN_CREATED: _("token made"),
    Act.TOKEN_REVOKED: _("token revoked"),
    Act.IDENTITY_CONNECTED: _("other sign-in connected"),
    Act.FINDING_ACCEPTED: _("finding accepted"),
    Act.EXCEPTION_WITHDRAWN: _("finding no longer accepted"),
    Act.QUALITY_CHANGED: _("quality settings changed"),
}


def told(error: AccountRuleError) -> str:
    """A broken rule in the reader's language."""
    return str(RULES[Rule(error.rule)])


def told_wait(seconds: int) -> str:
    """When to try again, in the reader's language."""
    minutes = -(-seconds // 60)
    return str(
        ngettext(
            "Too many attempts. Try again in %(num)s minute.",
            "Too many attempts. Try again in %(num)s minutes.",
            minutes,
        )
    )
