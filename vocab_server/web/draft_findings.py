"""What the checks say while one edits: of the concept one sees, and of what one is about to do."""

from itertools import groupby

from rdflib import URIRef

from vocab_server.database.quality import QualitySettings
from vocab_server.quality.check import Check, Finding, Level
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.nearby import brought_by, findings_at
from vocab_server.quality.verdict import level_of
from vocab_server.rdf.change import Change
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.web.draft_access import Opened
from vocab_server.web.quality_texts import Group, texts_of

SHOWN = 5  # findings of one check


def told_at(opened: Opened, concept: URIRef) -> list[Group]:
    """What is found at a concept as the draft has it, by check."""
    graph = opened.draft.graph
    settings = services().quality.settings(graph)
    checks = _told(settings)
    return _grouped(findings_at(view().store, graph, concept, checks, settings.languages))


def told_by(opened: Opened, change: Change) -> list[Group]:
    """What a change would bring into the draft, by check."""
    settings = services().quality.settings(opened.draft.graph)
    return _grouped(brought_by(view().store, change, _told(settings), settings.languages))


def _told(settings: QualitySettings) -> list[Check]:
    return [check for check in CHECKS if level_of(check, settings) is not Level.IGNORE]


def _grouped(found: list[Finding]) -> list[Group]:
    groups = []
    for check, some in groupby(found, key=lambda finding: finding.check):
        findings = list(some)
        groups.append(Group(texts_of(check), len(findings), findings[:SHOWN]))
    return groups
