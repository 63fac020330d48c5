"""Every error this package raises on purpose.

* VocabServerError
  + NotFoundError           a name that nothing we hold answers to
  + GoneError               a name that was withdrawn and is never given to anything else
  + InvalidError            a request or a file we understood and must refuse
    - RuleBrokenError       an edit that would break a rule of a standard
    - UnknownFormatError    a serialization we do not read
    - NotOfferedError       no serialization the client accepts
    - TooLargeError         more than the bound that a setting or a protocol gives
    - AccountRuleError      accounts, passwords, roles and tokens: what cannot be
    - ProposalRuleError     a proposal that lacks something, or has too much of it
  + ConflictError           the resource changed since the caller read it
    - StaleError            the caller said which state it read, and that is past
  + SignInNeededError       only somebody whom we know may do that
  + ForbiddenError          this account may not do that
  + TooManyAttemptsError    too many wrong passwords or proposals; try again later
  + TooManyRequestsError    this address has caused too much work; try again later
  + ProviderError           the OpenID provider did not answer, or not as it must
  + MailError               a mail that could not be sent
  + StoreUnavailableError   the SPARQL engine did not answer
    - QueryStoppedError     a query went past its time, memory or result bound
    - BusyError             every query process is taken; try again soon

None of them knows HTTP or the command line: ``api.problems.STATUS`` and
``cli.main`` say what an error becomes at their edge.
"""


class VocabServerError(Exception):
    """Base of the tree; ``str(error)`` is a full sentence a user can act on."""


class NotFoundError(VocabServerError):
    """A name that nothing we hold answers to."""


class GoneError(VocabServerError):
    """A name that was withdrawn and is never given to anything else."""


class InvalidError(VocabServerError):
    """A request or a file we understood and must refuse."""


class RuleBrokenError(InvalidError):
    """An edit that would break a rule of a standard.

    ``rule`` names the rule as its source does, for example "SKOS Reference S14".
    """

    def __init__(self, rule: str, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy} ({rule})")
        self.rule = rule


class UnknownFormatError(InvalidError):
    """A serialization that we do not read."""


class NotOfferedError(InvalidError):
    """None of the serializations that we have is one that the client accepts.

    ``offers`` are the media types that there are.
    """

    def __init__(self, message: str, offers: tuple[str, ...]) -> None:
        super().__init__(message)
        self.offers = offers


class TooLargeError(InvalidError):
    """More than the bound that a setting or a protocol gives."""


class AccountRuleError(InvalidError):
    """What cannot be among accounts, passwords, roles and tokens.

    ``rule`` names it, as ``accounts.rules.Rule`` does.
    """

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


class ProposalRuleError(InvalidError):
    """A proposal that lacks something, or has too much of it.

    ``rule`` names it, as ``editing.proposing.Rule`` does; ``field`` is where it is to be mended.
    """

    def __init__(self, rule: str, field: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.field = field


class ConflictError(VocabServerError):
    """The resource changed since the caller read it.

    ``statements`` are the lines of N-Triples, ``concepts`` the IRIs that are in conflict.
    """

    def __init__(
        self, message: str, *, statements: tuple[str, ...] = (), concepts: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.statements = statements
        self.concepts = concepts


class StaleError(ConflictError):
    """The caller said which state of the resource it read, and that is past."""


class SignInNeededError(VocabServerError):
    """Only somebody whom we know may do that.

    ``is_refused`` when credentials were sent and are not, or no longer, good.
    """

    def __init__(self, message: str, *, is_refused: bool = False) -> None:
        super().__init__(message)
        self.is_refused = is_refused


class ForbiddenError(VocabServerError):
    """This account may not do that."""


class TooManyAttemptsError(VocabServerError):
    """Too many wrong passwords or proposals; try again in ``retry_after`` seconds."""

    def __init__(self, retry_after: int, what: str = "attempts to sign in") -> None:
        super().__init__(f"Too many {what}. Try again in {retry_after} seconds.")
        self.retry_after = retry_after


class TooManyRequestsError(VocabServerError):
    """This address has caused too much work; try again in ``retry_after`` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            f"Your address has caused too much work in the last minute. Try again in {retry_after}"
            " seconds, with fewer or smaller questions. Whole vocabularies can be downloaded."
        )
        self.retry_after = retry_after


class ProviderError(VocabServerError):
    """The OpenID provider did not answer, or not as it must."""


class MailError(VocabServerError):
    """A mail that could not be sent; ``is_final`` when it is of no use to try again."""

    def __init__(self, message: str, *, is_final: bool) -> None:
        super().__init__(message)
        self.is_final = is_final


class StoreUnavailableError(VocabServerError):
    """The SPARQL engine did not answer."""


class QueryStoppedError(StoreUnavailableError):
    """A query went past its time, memory or result bound and was stopped."""


class BusyError(StoreUnavailableError):
    """Every query process is taken; the same request may work in a moment.

    ``retry_after`` is in seconds.
    """

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after
