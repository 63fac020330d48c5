"""cocoda-sdk, the program library of Cocoda, against both interfaces that it can read."""

import json
from typing import Any

import pytest

from tests.clients.conftest import Run
from tests.conftest import Server

TOPS, UNDER_WATER = 13, 4


@pytest.fixture(scope="module", params=["ConceptApi", "SkosmosApi"])
def answers(request: pytest.FixtureRequest, run: Run, server: Server) -> Any:
    """What a provider gets for the scheme of themes, its concept of water, and a search."""
    scheme = f"{server.url}/id/themes"
    registries = {
        "ConceptApi": {"api": f"{server.url}/jskos/"},
        "SkosmosApi": {
            "api": f"{server.url}/rest/v1/",
            "schemes": [{"uri": scheme, "VOCID": "themes"}],
        },
    }
    registry = json.dumps(registries[request.param])
    found = run("cocoda.mjs", request.param, registry, scheme, f"{scheme}/water", "bathing")
    return {"scheme": scheme, "provider": request.param, **found}


def names(concepts: list[Any]) -> list[str]:
    return [concept["prefLabel"]["en"] for concept in concepts]


def test_the_scheme_is_found(answers: Any) -> None:
    found = {scheme["uri"]: scheme for scheme in answers["schemes"]}
    assert found[answers["scheme"]]["prefLabel"]["en"] == "Themes for open data"


def test_the_tree_opens(answers: Any) -> None:
    assert len(answers["top"]) == TOPS
    assert all(concept["narrower"] == [None] for concept in answers["top"])
    assert len(answers["narrower"]) == UNDER_WATER
    assert "Bathing water" in names(answers["narrower"])
    assert names(answers["ancestors"]) == ["Environment"]


def test_a_concept_is_read_whole(answers: Any) -> None:
    (water,) = answers["concepts"]
    assert water["prefLabel"] == {"en": "Water", "sv": "Vatten"}
    assert water["notation"] == ["ENVI-02"]
    assert "Aquatic environment" in water["altLabel"]["en"]
    assert [broader["uri"] for broader in water["broader"]] == [f"{answers['scheme']}/environment"]


def test_the_jskos_provider_reads_definitions(answers: Any) -> None:
    if answers["provider"] == "ConceptApi":  # the other one leaves notes out
        assert answers["concepts"][0]["definition"]["en"]


def test_search_and_suggestions_find(answers: Any) -> None:
    bathing = f"{answers['scheme']}/bathing-water"
    assert bathing in {concept["uri"] for concept in answers["search"]}
    text, labels, _, uris = answers["suggest"]
    assert text.rstrip("*") == "bathing"
    assert bathing in uris
    assert any("Bathing water" in label for label in labels)


def test_vocabularies_are_searched(answers: Any) -> None:
    for found in answers.get("vocSearch", [{"notation": ["themes"]}])[:1]:
        assert found["notation"] == ["themes"]
