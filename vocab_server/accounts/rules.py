"""What must hold among accounts, each rule with a name, so that pages tell it in any language."""

from enum import StrEnum

from vocab_server.errors import AccountRuleError


class Rule(StrEnum):
    """What a change to accounts can break."""

    NAME_FORM = "name-form"
    NAME_TAKEN = "name-taken"
    TEXT_TOO_LONG = "text-too-long"
    EMAIL_FORM = "email-form"
    PASSWORD_SHORT = "password-short"  # noqa: S105  (the name of a rule)
    PASSWORD_LONG = "password-long"  # noqa: S105
    PASSWORD_EASY = "password-easy"  # noqa: S105
    PASSWORD_WRONG = "password-wrong"  # noqa: S105
    ROLE_UNKNOWN = "role-unknown"
    ROLE_HAS_NO_SCOPE = "role-has-no-scope"
    SCOPE_UNKNOWN = "scope-unknown"
    LAST_ADMINISTRATOR = "last-administrator"
    TOKEN_SCOPE_UNKNOWN = "token-scope-unknown"  # noqa: S105
    TOKEN_DAYS = "token-days"  # noqa: S105
    TOKEN_LABEL = "token-label"  # noqa: S105
    IDENTITY_TAKEN = "identity-taken"


def broken(rule: Rule, message: str) -> AccountRuleError:
    """The error to raise where a rule does not hold."""
    return AccountRuleError(rule, message)
