"""A file or a text from anywhere, checked: read in a process apart, checked in another one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from vocab_server.errors import InvalidError
from vocab_server.quality.apart import CHECK_LIMITS, CheckLimits, check_apart
from vocab_server.quality.check import Check
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.report import Report
from vocab_server.rdf.change import blocks
from vocab_server.skos.reading import examine
from vocab_server.store.parsing import ParseLimits, parse

GRAPH = "urn:vocab-server:checked"
PARSE_LIMITS = ParseLimits()


def _ignore(_done: int, _total: int) -> None:
    """Nobody wants to know."""


@contextmanager
def check_file(
    source: Path,
    *,
    file_name: str | None = None,
    form: str | None = None,
    base_iri: str,
    checks: Sequence[Check] = CHECKS,
    languages: Sequence[str] = (),
    parse_limits: ParseLimits = PARSE_LIMITS,
    limits: CheckLimits = CHECK_LIMITS,
    progress: Callable[[int, int], None] = _ignore,
) -> Iterator[Report]:
    """The report on a file, which is there until the block ends; nothing else is kept.

    Raises as ``parsing.parse`` and ``check_apart`` do, and InvalidError for what has nothing of
    SKOS in it.
    """
    with TemporaryDirectory(prefix="vocab-server-check-") as work:
        parsed = parse(
            source,
            file_name=file_name,
            format=form,
            base_iri=base_iri,
            target=Path(work) / "read.nt",
            limits=parse_limits,
            progress=progress,
        )
        if not examine(blocks(parsed.target)).has_skos:
            raise InvalidError(
                "%(source)s: There is nothing of SKOS in these %(statements)s statements: no"
                " concept, concept scheme or SKOS property.",
                source=file_name or source.name,
                statements=parsed.statements,
            )
        yield check_apart(
            Path(work) / "report.sqlite",
            file=parsed.target,
            graph=GRAPH,
            checks=checks,
            languages=languages,
            limits=limits,
        )
