"""What CKAN's API tells of datasets, as DCAT (package_search, package_show; CKAN API 3).

Names and addresses as the extension ckanext-dcat gives them, so that who harvests the same portal
as DCAT later finds the same datasets.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from vocab_server.errors import InvalidError, TooLargeError
from vocab_server.rdf.change import Triple, to_lines
from vocab_server.rdf.json_ld import is_too_deep
from vocab_server.rdf.namespaces import DCAT, DCT, DCT_FORMAT, FOAF, RDF, VCARD
from vocab_server.store.embedded import can_hold

SIZE = 200 * 1024 * 1024  # bytes of an answer
_TEXTS = {"title": DCT.title, "notes": DCT.description, "version": DCAT.version}
_DATES = {"metadata_created": DCT.issued, "metadata_modified": DCT.modified}
_RESOURCE_TEXTS = {"name": DCT.title, "description": DCT.description, "format": DCT_FORMAT}
_RESOURCE_DATES = {"created": DCT.issued, "last_modified": DCT.modified}

Json = Mapping[str, Any]


def convert_answer(file: Path, target: Path) -> bool:
    """Write what an answer of CKAN holds as N-Triples; False, and nothing, when it is none.

    Raises TooLargeError, and InvalidError for what looks like CKAN's and cannot be read.
    """
    with file.open("rb") as opened:
        head = opened.read(4096)
        if not head.lstrip().startswith(b"{") or b'"@context"' in head or b'"result"' not in head:
            return False
        data = head + opened.read(SIZE + 1)
    if len(data) > SIZE:
        raise TooLargeError(
            "%(file)s: The answer is larger than %(size)s bytes. Ask for less.",
            file=file.name,
            size=SIZE,
        )
    triples = set(_answer(_parsed(data, file.name), file.name))
    target.write_text("\n".join(to_lines(triples)) + "\n", encoding="utf-8", errors="replace")
    return True


def _parsed(data: bytes, name: str) -> Json:
    if is_too_deep(data):
        raise InvalidError(
            "%(name)s: The JSON has too many objects and lists inside each other.", name=name
        )
    try:
        found = json.loads(data)
    except ValueError as error:
        raise InvalidError(
            "%(name)s: This is no JSON: %(error)s.", name=name, error=error
        ) from error
    return found if isinstance(found, dict) else {}


def _answer(answer: Json, name: str) -> Iterator[Triple]:
    if answer.get("success") is False:
        raise InvalidError(
            "%(name)s: CKAN says that it failed: %(answer)s.", name=name, answer=answer.get("error")
        )
    result = answer.get("result")
    packages = result.get("results", [result]) if isinstance(result, dict) else result
    if not isinstance(packages, list):
        raise InvalidError(
            "%(name)s: There is no list of datasets in what CKAN answered.", name=name
        )
    site = str(answer.get("help", "")).partition("/api/")[0].rstrip("/")
    if not can_hold(site):
        raise InvalidError(
            "%(name)s: CKAN's answer does not say which site it is from (help).", name=name
        )
    yield URIRef(f"{site}/"), RDF.type, DCAT.Catalog
    for package in packages:
        if isinstance(package, dict) and package.get("state", "active") == "active":
            yield from _package(package, site)


def _package(package: Json, site: str) -> Iterator[Triple]:
    extras = {extra.get("key"): extra.get("value") for extra in _objects(package, "extras")}
    uri = str(extras.get("uri") or package.get("uri") or "")
    identifier = package.get("id") or package.get("name")
    dataset = URIRef(uri if can_hold(uri) else f"{site}/dataset/{identifier}")
    if not identifier or not can_hold(dataset):
        return
    yield URIRef(f"{site}/"), DCAT.dataset, dataset
    yield dataset, RDF.type, DCAT.Dataset
    yield dataset, DCT.identifier, Literal(str(identifier))
    yield from _plain(dataset, package, _TEXTS)
    yield from _dates(dataset, package, _DATES)
    yield from _address(dataset, DCAT.landingPage, package.get("url"))
    for tag in _objects(package, "tags"):
        if word := str(tag.get("display_name") or tag.get("name") or "").strip():
            yield dataset, DCAT.keyword, Literal(word)
    yield from _organization(dataset, package, site)
    yield from _contact(dataset, package)
    for resource in _objects(package, "resources"):
        yield from _resource(dataset, resource, package)


def _organization(dataset: URIRef, package: Json, site: str) -> Iterator[Triple]:
    found = package.get("organization")
    if not isinstance(found, dict) or not found.get("id"):
        return
    agent = URIRef(f"{site}/organization/{found['id']}")
    if can_hold(agent):
        yield dataset, DCT.publisher, agent
        yield agent, RDF.type, FOAF.Agent
        yield agent, FOAF.name, Literal(str(found.get("title") or found.get("name") or agent))


def _contact(dataset: URIRef, package: Json) -> Iterator[Triple]:
    name = package.get("maintainer") or package.get("author")
    email = package.get("maintainer_email") or package.get("author_email")
    if not (name or email):
        return
    contact = URIRef(f"{dataset}#contact")
    yield dataset, DCAT.contactPoint, contact
    yield contact, RDF.type, VCARD.Kind
    if name:
        yield contact, VCARD.fn, Literal(str(name))
    if email and can_hold(f"mailto:{email}"):
        yield contact, VCARD.hasEmail, URIRef(f"mailto:{email}")


def _resource(dataset: URIRef, resource: Json, package: Json) -> Iterator[Triple]:
    part = URIRef(f"{dataset}/resource/{resource.get('id')}")
    if not resource.get("id") or not can_hold(part):
        return
    yield dataset, DCAT.distribution, part
    yield part, RDF.type, DCAT.Distribution
    yield from _plain(part, resource, _RESOURCE_TEXTS)
    yield from _dates(part, resource, _RESOURCE_DATES)
    yield from _address(part, DCAT.accessURL, resource.get("url"))
    if resource.get("url_type") == "upload":
        yield from _address(part, DCAT.downloadURL, resource.get("url"))
    if resource.get("mimetype"):
        yield part, DCAT.mediaType, Literal(str(resource["mimetype"]))
    if str(resource.get("size") or "").isdecimal():
        yield part, DCAT.byteSize, Literal(str(resource["size"]), datatype=XSD.nonNegativeInteger)
    licence = package.get("license_url")
    if licence:
        yield from _address(part, DCT.license, licence)
    elif package.get("license_title"):
        yield part, DCT.license, Literal(str(package["license_title"]))


def _plain(subject: URIRef, found: Json, properties: Mapping[str, URIRef]) -> Iterator[Triple]:
    for name, wanted in properties.items():
        text = str(found.get(name) or "").strip()
        if text:
            yield subject, wanted, Literal(text)


def _dates(subject: URIRef, found: Json, properties: Mapping[str, URIRef]) -> Iterator[Triple]:
    for name, wanted in properties.items():
        if found.get(name):
            yield subject, wanted, Literal(str(found[name]), datatype=XSD.dateTime)


def _address(subject: URIRef, wanted: URIRef, value: object) -> Iterator[Triple]:
    """An address as an IRI, or as the text that it is when it cannot be one."""
    text = str(value or "").strip()
    if text:
        yield subject, wanted, URIRef(text) if can_hold(text) else Literal(text)


def _objects(found: Json, name: str) -> list[dict[str, Any]]:
    listed = found.get(name)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
