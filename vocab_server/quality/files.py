"""A file or a text from anywhere, checked: read in a process apart, checked in another one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from vocab_server.catalog.examining import examine_catalog
from vocab_server.errors import InvalidError, Phrase
from vocab_server.quality.apart import CHECK_LIMITS, CheckLimits, check_apart
from vocab_server.quality.check import Check
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.report import Report
from vocab_server.quality.shacl.literals import keep_file, keep_literals
from vocab_server.rdf.change import blocks
from vocab_server.skos.reading import examine
from vocab_server.store.parsing import Parsed, ParseLimits, parse

GRAPH = "urn:vocab-server:checked"
PARSE_LIMITS = ParseLimits()


def _ignore(_done: int, _total: int) -> None:
    """Nobody wants to know."""


@contextmanager
def check_catalog(
    lines: Iterable[bytes], checks: Sequence[Check], limits: CheckLimits = CHECK_LIMITS
) -> Iterator[Report]:
    """The report on a catalog that we hold, as lines of N-Triples without line ends.

    Raises as ``check_apart`` does.
    """
    with TemporaryDirectory(prefix="vocab-server-check-") as work:
        file = Path(work) / "catalog.nt"
        with file.open("wb") as target:
            target.writelines(keep_literals(line + b"\n") for line in lines)
        yield check_apart(
            Path(work) / "report.sqlite",
            file=file,
            graph=GRAPH,
            checks=checks,
            limits=limits,
        )


def _refuse_others(parsed: Parsed, name: str, profile: str) -> None:
    """Refuse what has nothing in it that the checks are about."""
    held = examine_catalog(blocks(parsed.target))
    if profile and not (held.catalogs or held.datasets or held.services):
        raise InvalidError(
            "%(name)s: There is nothing of DCAT in these %(statements)s"
            " statements: no catalog, dataset or interface.",
            name=name,
            statements=parsed.statements,
        )
    if not profile and not examine(blocks(parsed.target)).has_skos:
        hint = Phrase(
            " It has %(datasets)s datasets: check it by a profile, as dcat-ap.",
            datasets=held.datasets,
        )
        raise InvalidError(
            "%(name)s: There is nothing of SKOS in these %(statements)s"
            " statements: no concept, concept scheme or SKOS property.%(hint)s",
            name=name,
            statements=parsed.statements,
            hint=hint if held.datasets else "",
        )


@contextmanager
def check_file(
    source: Path,
    *,
    file_name: str | None = None,
    form: str | None = None,
    base_iri: str,
    checks: Sequence[Check] = CHECKS,
    languages: Sequence[str] = (),
    profile: str = "",
    fix: bool = False,
    parse_limits: ParseLimits = PARSE_LIMITS,
    limits: CheckLimits = CHECK_LIMITS,
    progress: Callable[[int, int], None] = _ignore,
) -> Iterator[Report]:
    """The report on a file, which is there until the block ends; nothing else is kept.

    With a ``profile``, one of PROFILES, it is checked as a catalog, and ``checks`` are of it. With
    ``fix`` what can be repaired safely while it is read is.
    Raises as ``parsing.parse`` and ``check_apart`` do, and InvalidError for what has nothing of
    SKOS, or with a profile nothing of DCAT, in it.
    """
    with TemporaryDirectory(prefix="vocab-server-check-") as work:
        parsed = parse(
            source,
            file_name=file_name,
            format=form,
            base_iri=base_iri,
            target=Path(work) / "read.nt",
            as_written=bool(profile),
            fix=fix,
            limits=parse_limits,
            progress=progress,
        )
        _refuse_others(parsed, file_name or source.name, profile)
        yield check_apart(
            Path(work) / "report.sqlite",
            file=keep_file(parsed.target) if profile else parsed.target,
            graph=GRAPH,
            checks=checks,
            languages=languages,
            limits=limits,
        )
