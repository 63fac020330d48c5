"""What checks found, in a few lines."""

from collections import Counter
from collections.abc import Iterator, Sequence

from vocab_server.quality.check import Severity
from vocab_server.quality.report import Result

_PLURAL = {
    Severity.VIOLATION: "violations",
    Severity.WARNING: "warnings",
    Severity.INFORMATION: "pieces of information",
}


def summary(results: Sequence[Result]) -> Iterator[str]:
    """A line for each check that found something, the gravest first, and one for all of them."""
    order = list(Severity)
    counts = Counter(dict.fromkeys(Severity, 0))
    for result in sorted(results, key=lambda result: order.index(result.check.severity)):
        counts[result.check.severity] += result.count
        if result.count:
            check = result.check
            yield f"{result.count:>7} {check.severity:<11} {check.id:<8} {check.title.en}"
    yield ", ".join(f"{counts[severity]} {_PLURAL[severity]}" for severity in Severity) + "."


def is_grave(result: Result) -> bool:
    """Whether a check found violations, or could not be run."""
    return bool(result.failure or (result.count and result.check.severity == Severity.VIOLATION))
