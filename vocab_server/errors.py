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
``cli.main`` say what an error becomes at their edge, and ``web.error_texts`` says it in the
reader's language.
"""

from collections.abc import Iterable, Mapping
from functools import reduce


class Phrase(str):
    """English words that pages show in the reader's language; a value in the sentence of an error.

    ``template`` and ``values`` are those of VocabServerError.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> "Phrase":
        """The words, with their values in their places."""
        phrase = super().__new__(cls, template % values if values else template)
        phrase.template = template
        phrase.values = values
        return phrase


def either(values: Iterable[object]) -> object:
    """Several values as one: the last or the others."""
    return reduce(lambda one, other: Phrase("%(one)s or %(other)s", one=one, other=other), values)


_SIGNING_IN = Phrase("attempts to sign in")


class VocabServerError(Exception):
    """Base of the tree; ``str(error)`` is a full English sentence a user can act on.

    ``template`` is the sentence with a place such as ``%(name)s`` for each of the ``values``, as
    gettext takes it. A value is shown as it is; a Phrase, and another error, are told in the
    language of the sentence.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        super().__init__(template % values if values else template)
        self.template = template
        self.values = values


class NotFoundError(VocabServerError):
    """A name that nothing we hold answers to."""


class GoneError(VocabServerError):
    """A name that was withdrawn and is never given to anything else."""


class InvalidError(VocabServerError):
    """A request or a file we understood and must refuse."""


class RuleBrokenError(InvalidError):
    """An edit that would break a rule of a standard.

    ``rule`` names the rule as its source does, for example "SKOS Reference S14". ``problem`` and
    ``remedy`` are sentences with places for the values.
    """

    def __init__(self, rule: str, problem: str, remedy: str, /, **values: object) -> None:
        self.problem = Phrase(problem, **values)
        self.remedy = Phrase(remedy, **values)
        super().__init__(f"{self.problem} {self.remedy} ({rule})")
        self.rule = rule


class FieldsRefusedError(InvalidError):
    """A description with values that its fields do not take.

    ``fields`` are pairs of the name of a field and what is wrong in it.
    """

    def __init__(self, fields: tuple[tuple[str, str], ...]) -> None:
        name, problem = fields[0]
        super().__init__("%(field)s: %(problem)s", field=name, problem=problem)
        self.fields = fields


class UnknownFormatError(InvalidError):
    """A serialization that we do not read."""


class NotOfferedError(InvalidError):
    """None of the serializations that we have is one that the client accepts.

    ``offers`` are the media types that there are.
    """

    def __init__(self, template: str, /, offers: tuple[str, ...], **values: object) -> None:
        super().__init__(template, **values)
        self.offers = offers


class TooLargeError(InvalidError):
    """More than the bound that a setting or a protocol gives."""


class AccountRuleError(InvalidError):
    """What cannot be among accounts, passwords, roles and tokens.

    ``rule`` names it, as ``accounts.rules.Rule`` does.
    """

    def __init__(self, rule: str, template: str, /, **values: object) -> None:
        super().__init__(template, **values)
        self.rule = rule


class ProposalRuleError(InvalidError):
    """A proposal that lacks something, or has too much of it.

    ``rule`` names it, as ``editing.proposing.Rule`` does; ``field`` is where it is to be mended.
    """

    def __init__(self, rule: str, field: str, template: str, /, **values: object) -> None:
        super().__init__(template, **values)
        self.rule = rule
        self.field = field


class ConflictError(VocabServerError):
    """The resource changed since the caller read it.

    ``statements`` are the lines of N-Triples, ``concepts`` the IRIs that are in conflict.
    """

    def __init__(
        self,
        template: str,
        /,
        *,
        statements: tuple[str, ...] = (),
        concepts: tuple[str, ...] = (),
        **values: object,
    ) -> None:
        super().__init__(template, **values)
        self.statements = statements
        self.concepts = concepts


class StaleError(ConflictError):
    """The caller said which state of the resource it read, and that is past."""


class UnguardedError(VocabServerError):
    """The caller did not say which state of the resource it read (RFC 6585, 3)."""


class SignInNeededError(VocabServerError):
    """Only somebody whom we know may do that.

    ``is_refused`` when credentials were sent and are not, or no longer, good.
    """

    def __init__(self, template: str, /, *, is_refused: bool = False, **values: object) -> None:
        super().__init__(template, **values)
        self.is_refused = is_refused


class ForbiddenError(VocabServerError):
    """This account may not do that."""


class TooManyAttemptsError(VocabServerError):
    """Too many wrong passwords or proposals; try again in ``retry_after`` seconds."""

    def __init__(self, retry_after: int, what: str = _SIGNING_IN) -> None:
        super().__init__(
            Phrase("Too many %(what)s. Try again in %(seconds)s seconds."),
            what=what,
            seconds=retry_after,
        )
        self.retry_after = retry_after


class TooManyRequestsError(VocabServerError):
    """This address has caused too much work; try again in ``retry_after`` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            Phrase(
                "Your address has caused too much work in the last minute. Try again in %(seconds)s"
                " seconds, with fewer or smaller questions. Whole vocabularies can be downloaded."
            ),
            seconds=retry_after,
        )
        self.retry_after = retry_after


class ProviderError(VocabServerError):
    """The OpenID provider did not answer, or not as it must."""


class MailError(VocabServerError):
    """A mail that could not be sent; ``is_final`` when it is of no use to try again."""

    def __init__(self, template: str, /, *, is_final: bool, **values: object) -> None:
        super().__init__(template, **values)
        self.is_final = is_final


class StoreUnavailableError(VocabServerError):
    """The SPARQL engine did not answer."""


class QueryStoppedError(StoreUnavailableError):
    """A query went past its time, memory or result bound and was stopped."""


class BusyError(StoreUnavailableError):
    """Every query process is taken; the same request may work in a moment.

    ``retry_after`` is in seconds.
    """

    def __init__(self, template: str, /, retry_after: int = 1, **values: object) -> None:
        super().__init__(template, **values)
        self.retry_after = retry_after
