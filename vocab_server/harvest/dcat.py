"""DCAT in any RDF format, as one page or many (Hydra Core Vocabulary, 5.4; and its older form)."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from vocab_server.errors import InvalidError
from vocab_server.harvest.harvested import Harvested, Pages, items_of
from vocab_server.harvest.visiting import Visit
from vocab_server.outbound import ACCEPT, NO_VALIDATORS, Validators
from vocab_server.rdf.namespaces import HYDRA
from vocab_server.rdf.ntriples import read_literal

# PartialCollectionView has next; PagedCollection, which many portals still send, has nextPage.
_NEXT = {f"<{HYDRA['next']}>".encode(), f"<{HYDRA.nextPage}>".encode()}
_TOTAL = f"<{HYDRA.totalItems}>".encode()


def harvest_dcat(address: str, visit: Visit, validators: Validators) -> Harvested | None:
    """All pages of a catalog; None when the one page that it is did not change.

    Raises InvalidError when any page cannot be had or read: part of a catalog is never taken for
    the whole.
    """
    pages, waiting, total = Pages(visit.folder), [address], 0
    asked, known = 0, validators
    while waiting:
        fetched = visit.fetch(waiting.pop(0), ACCEPT, known if asked == 0 else NO_VALIDATORS)
        asked += 1
        if fetched.file is None:
            return None
        known = fetched.validators
        paging = pages.add(fetched.file, _name(fetched.url), fetched.url)
        fetched.file.unlink()
        total = max([total, *_totals(paging)])
        following = {urljoin(fetched.url, url) for url in _next(paging)}
        seen = {url for url in following if visit.has_been_at(url) or url == fetched.url}
        _refuse_circle(seen, pages, total)
        waiting += sorted(following - seen - set(waiting))
    return Harvested(pages.file, tuple(pages.remarks), known if asked == 1 else NO_VALIDATORS)


def harvest_file(address: str, visit: Visit, _validators: Validators) -> Harvested | None:
    """A file that an operator put into the data directory for that."""
    pages, file = Pages(visit.folder), visit.local_file(address)
    pages.add(file, file.name, visit.base_iri)
    return Harvested(pages.file, tuple(pages.remarks))


def _refuse_circle(seen: set[str], pages: Pages, total: int) -> None:
    """A page that leads back to an earlier one ends the catalog, if it is whole by then."""
    if not seen:
        return
    found = len(items_of(pages.file))
    if found < total:
        raise InvalidError(
            "The pages lead in a circle, to %(seen)s, after %(found)s of %(total)s datasets.",
            seen=min(seen),
            found=found,
            total=total,
        )
    pages.remarks.append(f"The last page leads back to {min(seen)}.")


def _next(paging: Iterable[bytes]) -> Iterator[str]:
    for line in paging:
        _, predicate, value = line.rstrip(b"\n").removesuffix(b" .").split(b" ", 2)
        if predicate in _NEXT:
            text = value.decode()
            yield text[1:-1] if text.startswith("<") else read_literal(text)[1]


def _totals(paging: Iterable[bytes]) -> Iterator[int]:
    for line in paging:
        _, predicate, value = line.rstrip(b"\n").split(b" ", 2)
        number = value.split(b'"')[1] if predicate == _TOTAL and b'"' in value else b""
        if number.isdigit():
            yield int(number[:12])


def _name(url: str) -> str:
    return PurePosixPath(unquote(urlsplit(url).path)).name or "catalog"
