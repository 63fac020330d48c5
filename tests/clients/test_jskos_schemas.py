"""Bodies of the JSKOS API against the schemas of JSKOS, as jskos-validate checks them."""

from typing import Any

import pytest
import requests

from tests.clients.conftest import Run
from tests.conftest import Server

KINDS = {
    "/voc": "scheme",
    "/voc/search?search=e": "scheme",
    "/voc/top?limit=1000": "concept",
    "/voc/top?properties=narrower,ancestors": "concept",
    "/voc/concepts?limit=1000&uri={themes}": "concept",
    "/voc/concepts?limit=1000&uri={data}": "concept",
    "/concepts?notation=ENVI-02": "concept",
    "/concepts/narrower?uri={themes}/water": "concept",
    "/concepts/ancestors?uri={themes}/bathing-water": "concept",
    "/concepts/search?search=water&properties=*": "concept",
    "/data?uri={themes}|{themes}/water": "item",
    "/types": "concept",
}


@pytest.mark.parametrize("path", KINDS)
def test_every_item_is_valid(run: Run, server: Server, path: str) -> None:
    themes = f"{server.url}/id/themes"
    data = "http://publications.europa.eu/resource/authority/data-theme"
    url = f"{server.url}/jskos{path.format(themes=themes, data=data)}"
    items: Any = requests.get(url, timeout=30).json()
    assert items
    found = run("validate.mjs", given=[[KINDS[path], item] for item in items])
    assert [(item["uri"], wrong) for item, wrong in zip(items, found, strict=True) if wrong] == []
