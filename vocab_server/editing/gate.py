"""The quality gate: what stops a draft from being published, and a vocabulary from being released.

A draft is stopped by what it would bring, not by what is published already: who mends one of many
faults is not kept from it. A release is stopped by whatever is there, because it stays for ever.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rdflib import URIRef

from vocab_server.database.quality import QualityTable
from vocab_server.editing.branches import Trial
from vocab_server.errors import Phrase, RuleBrokenError, StoreUnavailableError
from vocab_server.quality.apart import check_apart
from vocab_server.quality.check import BLOCKING, Check, Finding, to_finding
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.nearby import lines_brought
from vocab_server.quality.running import Looked, lines_of
from vocab_server.quality.surroundings import TooMuchError, read_edited
from vocab_server.quality.verdict import judge, level_of

TOLD = 5  # findings that an error message tells


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate of all vocabularies."""

    table: QualityTable

    def check_draft(self, trial: Trial) -> None:
        """Pass silently when what is published breaks no more with a patch.

        Raises RuleBrokenError with what is new and stops publishing.
        """
        graph = trial.patch.graph
        languages = self.table.settings(graph).languages
        suspects = _suspects(trial, self._blocking(graph), languages)
        if not suspects:
            return
        with trial.after() as store:
            found = _find(Looked(store, graph, languages), suspects)
        was = _find(Looked(trial.published, graph, languages), list(found))
        new = {check: lines - was.get(check, set()) for check, lines in found.items()}
        self._refuse(
            graph, Phrase("This draft is not published, because it would bring %(findings)s."), new
        )

    def check_release(self, graph: URIRef, snapshot: Path) -> None:
        """Pass silently when nothing in a snapshot's vocabulary stops a release of it.

        Raises RuleBrokenError, and StoreUnavailableError when a check that could stop it cannot be
        run.
        """
        settings, checks = self.table.settings(graph), self._blocking(graph)
        if not checks:
            return
        with TemporaryDirectory(prefix="vocab-server-check-") as work:
            report = check_apart(
                Path(work) / "report.sqlite",
                snapshot=snapshot,
                graph=str(graph),
                checks=checks,
                languages=settings.languages,
            )
            verdict = judge(report, settings, self.table.exceptions(graph))
            for row in verdict.failures:
                raise StoreUnavailableError(
                    "The check %(check)s could not be run, so nothing is released. %(failure)s Set"
                    " its level to report to release without it.",
                    check=row.check.id,
                    failure=row.failure,
                )
            found = {row.check: set(report.findings(row.check)) for row in verdict.blocking}
        self._refuse_findings(
            graph, Phrase("The vocabulary is not released, because of %(findings)s."), found
        )

    def _blocking(self, graph: URIRef) -> list[Check]:
        settings = self.table.settings(graph)
        return [check for check in CHECKS if level_of(check, settings) in BLOCKING]

    def _refuse(self, graph: URIRef, what: str, lines: dict[Check, set[bytes]]) -> None:
        found = {check: {to_finding(check, line) for line in some} for check, some in lines.items()}
        self._refuse_findings(graph, what, found)

    def _refuse_findings(self, graph: URIRef, what: str, found: dict[Check, set[Finding]]) -> None:
        """Raises RuleBrokenError when any of these findings was not accepted."""
        exceptions = self.table.exceptions(graph)
        whole = {one.check for one in exceptions if not one.identity}
        single = {one.identity for one in exceptions}
        left = [
            finding
            for check in found
            if check.id not in whole
            for finding in sorted(found[check], key=lambda one: (one.focus, str(one.value)))
            if finding.identity not in single
        ]
        if left:
            raise _broken(what, left)


def _suspects(trial: Trial, checks: list[Check], languages: Collection[str]) -> list[Check]:
    """The checks that may find more after a patch than before, as its surroundings tell."""
    near = [check for check in checks if not check.needs_all]
    try:
        edited = read_edited(trial.patch)
        brought = lines_brought(trial.published, trial.patch, edited, near, languages)
    except TooMuchError:
        return checks
    return [check for check in checks if check.needs_all or check in brought]


def _find(material: Looked, checks: Sequence[Check]) -> dict[Check, set[bytes]]:
    found = {check: set(lines_of(check, material)) for check in checks}
    return {check: lines for check, lines in found.items() if lines}


def _broken(what: str, findings: list[Finding]) -> RuleBrokenError:
    count = len(findings)
    told = " ".join(_told(findings[:TOLD]))
    more = Phrase(" And %(number)s more.", number=count - TOLD) if count > TOLD else ""
    number = Phrase("a finding") if count == 1 else Phrase("%(number)s findings", number=count)
    return RuleBrokenError(
        findings[0].check.id,
        what,
        "%(told)s%(more)s See the quality page.",
        findings=number,
        told=told,
        more=more,
    )


def _told(findings: Iterable[Finding]) -> Iterable[str]:
    for finding in findings:
        yield f"{finding.check.id}, <{finding.focus}>: {finding.message()}"
