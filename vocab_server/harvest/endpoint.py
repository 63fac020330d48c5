"""The DCAT that a SPARQL endpoint holds (SPARQL 1.1 Protocol, 2.1)."""

import json
from urllib.parse import urlencode

from vocab_server.errors import InvalidError
from vocab_server.harvest.harvested import Harvested, Pages, items_of
from vocab_server.harvest.visiting import Visit
from vocab_server.outbound import Validators

_PREFIX = "PREFIX dcat: <http://www.w3.org/ns/dcat#>"
COUNT = f"""{_PREFIX} SELECT (COUNT(DISTINCT ?dataset) AS ?count)
WHERE {{ VALUES ?type {{ dcat:Dataset dcat:DatasetSeries }} ?dataset a ?type }}"""
# Whole descriptions of what a catalog is made of, whoever leads to them.
DESCRIBE = f"""{_PREFIX}
PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX vcard: <http://www.w3.org/2006/vcard/ns#>
CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?type {{ dcat:Catalog dcat:Dataset dcat:DatasetSeries
    dcat:Distribution dcat:DataService foaf:Agent foaf:Organization foaf:Person vcard:Kind
    vcard:Organization vcard:Individual vcard:Group }} ?s a ?type ; ?p ?o }}"""


def harvest_endpoint(address: str, visit: Visit, _validators: Validators) -> Harvested | None:
    """All that an endpoint says of catalogs and datasets, in one answer.

    Endpoints cut long answers without a word, so the datasets are counted too. Raises InvalidError
    when fewer come than there are.
    """
    count = _count(address, visit)
    fetched = visit.fetch(_asking(address, DESCRIBE), "text/turtle, application/n-triples;q=0.9")
    if fetched.file is None:
        raise InvalidError("%(address)s: The endpoint did not answer.", address=address)
    pages = Pages(visit.folder)
    pages.add(fetched.file, "answer", address)
    found = len(items_of(pages.file))
    if found < count:
        raise InvalidError(
            "%(address)s: The endpoint has %(count)s datasets and sends %(found)s. It cuts its"
            " answers short; harvest it as DCAT instead.",
            address=address,
            count=count,
            found=found,
        )
    return Harvested(pages.file, tuple(pages.remarks))


def _count(address: str, visit: Visit) -> int:
    fetched = visit.fetch(_asking(address, COUNT), "application/sparql-results+json")
    try:
        if fetched.file is None or fetched.file.stat().st_size > 100_000:  # bytes
            raise ValueError
        (row,) = json.loads(fetched.file.read_bytes())["results"]["bindings"]
        return int(row["count"]["value"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidError(
            "%(address)s: This is not how a SPARQL endpoint answers.", address=address
        ) from error


def _asking(address: str, query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'query': query})}"
