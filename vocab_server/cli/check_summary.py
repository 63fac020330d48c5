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
    counts = Counter(dict.fromkeys(Severity, 0))
    for result in _told(results):
        check = result.check
        counts[check.severity] += result.count
        found = "not checked" if result.failure else f"{result.count:>7} {check.severity:<11}"
        yield f"{found} {check.id:<8} {result.failure or check.title.en}"
    yield ", ".join(f"{counts[severity]} {_PLURAL[severity]}" for severity in Severity) + "."


def results_as_json(results: Sequence[Result]) -> list[dict[str, object]]:
    """The results of checks that found something as JSON has them, the gravest first."""
    return [
        {
            "check": result.check.id,
            "severity": result.check.severity.value,
            "title": result.check.title.en,
            "count": result.count,
            **({"failure": result.failure} if result.failure else {}),
        }
        for result in _told(results)
    ]


def is_grave(result: Result) -> bool:
    """Whether a check found violations, or could not be run."""
    return bool(result.failure or (result.count and result.check.severity == Severity.VIOLATION))


def _told(results: Sequence[Result]) -> list[Result]:
    order = list(Severity)
    told = [result for result in results if result.count or result.failure]
    return sorted(told, key=lambda result: order.index(result.check.severity))
