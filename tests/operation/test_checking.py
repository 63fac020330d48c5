"""What is checked by itself, and what is left alone."""

import logging
from pathlib import Path

import pytest

from tests.cataloguing import read_vocabulary
from vocab_server.database.quality_runs import QualityRuns
from vocab_server.operation.checking import Checking
from vocab_server.services import Services
from vocab_server.skos.vocabularies import graph_of

ZOO = """@prefix : <https://example.org/zoo/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:dog a skos:Concept ; skos:prefLabel "dog"@en ."""


def test_what_cannot_be_checked_is_left_alone_for_a_while(
    services: Services, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    read_vocabulary(services, tmp_path, "zoo", ZOO)
    reports = services.reports.directory
    reports.write_text("no directory")  # so no report can be made
    duty, runs = Checking(), QualityRuns(services.database)
    with caplog.at_level(logging.WARNING):
        duty.run(services)
        duty.run(services)
    assert len([line for line in caplog.messages if "could not be made" in line]) == 1
    graph = graph_of(services.settings.base, "zoo")
    assert runs.newest(graph, 1) == []
    reports.unlink()
    duty.run(services)
    assert runs.newest(graph, 1) == []
    Checking().run(services)
    assert len(runs.newest(graph, 2)) == 1
