"""All datasets of a CKAN site by its API (CKAN API 3, package_search), a page at a time."""

import json
from pathlib import Path
from urllib.parse import urlencode

from vocab_server.errors import InvalidError
from vocab_server.harvest.ckan import convert_answer
from vocab_server.harvest.harvested import Harvested, Pages
from vocab_server.harvest.visiting import Visit
from vocab_server.outbound import Validators

ROWS = 100  # packages of a page
SEARCH = "/api/3/action/package_search"


def harvest_ckan(address: str, visit: Visit, _validators: Validators) -> Harvested | None:
    """All packages of the site at an address, which may be that of its API too.

    Raises InvalidError when the site sends fewer than it says it has.
    """
    site = address.partition("?")[0].partition("/api/")[0].rstrip("/")
    pages, names, total = Pages(visit.folder), set[str](), 1
    while len(names) < total:
        asked = urlencode({"rows": ROWS, "start": len(names), "sort": "id asc"})
        url = f"{site}{SEARCH}?{asked}"
        fetched = visit.fetch(url, "application/json")
        converted = visit.folder / "ckan.nt"
        if fetched.file is None or not convert_answer(fetched.file, converted):
            raise InvalidError("%(url)s: This is not what CKAN answers.", url=url)
        total, found = _counted(fetched.file)
        fetched.file.unlink()
        if not found - names and len(names) < total:
            raise InvalidError(
                "%(url)s: CKAN says %(total)s datasets and sends %(number)s.",
                url=url,
                total=total,
                number=len(names),
            )
        names |= found
        pages.add(converted, "ckan.nt", f"{site}/", "nt")
    return Harvested(pages.file, tuple(pages.remarks))


def _counted(answer: Path) -> tuple[int, set[str]]:
    """How many datasets the site says it has, and which of them are in an answer."""
    result = json.loads(answer.read_bytes())["result"]
    packages = result.get("results") if isinstance(result, dict) else None
    count = result.get("count") if isinstance(result, dict) else None
    if not isinstance(packages, list) or not isinstance(count, int):
        raise InvalidError("CKAN does not say how many datasets it has (count).")
    found = {str(each.get("id") or each.get("name")) for each in packages if isinstance(each, dict)}
    return count, found
