"""The releases of vocabularies as the catalog graph records them (DCAT 3, 11 Versioning).

A release is a dcat:Dataset of its own, a version of the vocabulary's. Its number is that of the
last change in the log that it holds; its checksum is the SHA-256 of its sorted N-Triples.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rdflib import Literal, URIRef

from vocab_server.errors import ConflictError, InvalidError, NotFoundError, Phrase
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.dates import write_time
from vocab_server.rdf.formats import DESCRIPTION_FORMATS, find_format
from vocab_server.rdf.namespaces import ADMS, DCAT, DCT, OWL, RDF, SCHEMA, SPDX, VOID, XSD
from vocab_server.rdf.query import bind
from vocab_server.skos.vocabularies import Registration, catalog_of
from vocab_server.store.base import Reader, Row

CURRENT = "current"  # what is published now, where the name of a release may stand
LONGEST_NOTES = 20_000  # characters
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}\Z")  # fits an address and a file name
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"

_LISTED = """SELECT ?graph ?name ?issued ?number ?statements ?concepts ?checksum ?notes
WHERE { GRAPH $catalog {
    ?release dcat:isVersionOf ?graph ; dcat:version ?name ; dct:issued ?issued ;
        schema:position ?number ; void:triples ?statements ; void:entities ?concepts ;
        $has_checksum/$has_value ?checksum .
    OPTIONAL { ?release $has_notes ?notes } } }"""


@dataclass(frozen=True, slots=True)
class Release:
    """A vocabulary as it was after change ``number`` of the log."""

    graph: URIRef
    name: str
    issued: datetime
    number: int
    statements: int
    concepts: int
    checksum: str
    notes: str = ""

    @property
    def iri(self) -> URIRef:
        """Its address, which is also its name."""
        return release_iri(self.graph, self.name)


def release_iri(graph: URIRef, name: str) -> URIRef:
    """The address of a release."""
    return URIRef(f"{graph}/releases/{name}")


def release_item(vocabulary: str, release: Release) -> dict[str, Any]:
    """A release of the vocabulary with this id as JSON."""
    return {
        "name": release.name,
        "iri": release.iri,
        "vocabulary": vocabulary,
        "issued": write_time(release.issued),
        "notes": release.notes,
        "change": release.number,
        "statements": release.statements,
        "concepts": release.concepts,
        "checksum": {"algorithm": "sha256", "of": "sorted N-Triples", "value": release.checksum},
    }


def check_name(name: str) -> None:
    """Raises InvalidError for what cannot name a release in an address and a file."""
    ending = name.rpartition(".")[2] if "." in name else ""
    if not _NAME.match(name) or ".." in name or name.endswith("."):
        raise InvalidError(
            "%(name)r cannot name a release. Use 1 to 63 letters (a to z), digits, hyphens,"
            " underscores and single dots, and begin with a letter or digit: 2026-1, 4.0.",
            name=name,
        )
    if name.lower() == CURRENT or ending.lower() in {"html", "csv", "xlsx"} or find_format(ending):
        raise InvalidError(
            "%(name)r cannot name a release: it means something else in addresses. Choose a name"
            " such as 2026-1 or 4.0.",
            name=name,
        )


def list_releases(store: Reader, base: str) -> dict[URIRef, tuple[Release, ...]]:
    """The releases by graph, the newest first."""
    query = bind(
        _LISTED,
        catalog=catalog_of(base),
        has_checksum=SPDX.checksum,
        has_value=SPDX.checksumValue,
        has_notes=ADMS.versionNotes,
    )
    found: dict[URIRef, list[Release]] = {}
    for release in map(_read, store.select(query)):
        found.setdefault(release.graph, []).append(release)
    return {
        graph: tuple(sorted(listed, key=lambda one: (one.number, one.issued), reverse=True))
        for graph, listed in found.items()
    }


def get_release(releases: Sequence[Release], name: str) -> Release:
    """The release with this name. Raises NotFoundError, which lists those there are."""
    for release in releases:
        if release.name == name:
            return release
    known = ", ".join(release.name for release in releases) or Phrase("none yet")
    raise NotFoundError(
        "There is no release %(name)r. The releases are: %(known)s.", name=name, known=known
    )


def number_at(releases: Sequence[Release], name: str, now: int) -> int:
    """The change of the log that a release, or ``current``, stands at. Raises NotFoundError."""
    return now if name == CURRENT else get_release(releases, name).number


def refuse_taken(releases: Sequence[Release], name: str) -> None:
    """Raises ConflictError when a name is taken, also in other capitals: files may not differ."""
    for release in releases:
        if release.name.lower() == name.lower():
            raise ConflictError(
                "There is a release %(release)r already, and a release never changes. Choose"
                " another name.",
                release=release.name,
            )


def refuse_earlier(releases: Sequence[Release], issued: datetime) -> None:
    """Raises InvalidError when a release would be issued before an earlier one."""
    for release in releases[:1]:
        if issued < release.issued:
            raise InvalidError(
                "The release %(release)r was issued on %(issued)s: choose that day or a later one.",
                release=release.name,
                issued=release.issued.date(),
            )


def record(registration: Registration, release: Release, earlier: Sequence[Release]) -> Change:
    """The change of the catalog graph that makes a release known."""
    graph = registration.graph
    catalog = URIRef(str(graph).rpartition("/")[0])
    removed = {(graph, DCAT.hasCurrentVersion, one.iri) for one in earlier[:1]}
    added = {*_described(release), *_distributed(release)}
    if earlier:
        added.add((release.iri, DCAT.previousVersion, earlier[0].iri))
    return Change(catalog, added=frozenset(added), removed=frozenset(removed))


def _described(release: Release) -> Iterator[Triple]:
    iri, checksum = release.iri, URIRef(f"{release.iri}#checksum")
    yield release.graph, DCAT.hasVersion, iri
    yield release.graph, DCAT.hasCurrentVersion, iri
    yield iri, RDF.type, DCAT.Dataset
    yield iri, DCAT.isVersionOf, release.graph
    yield iri, DCAT.version, Literal(release.name)
    yield iri, OWL.versionInfo, Literal(release.name)
    yield iri, DCT.issued, Literal(write_time(release.issued), datatype=XSD.dateTime)
    yield iri, SCHEMA.position, Literal(release.number)
    yield iri, VOID.triples, Literal(release.statements)
    yield iri, VOID.entities, Literal(release.concepts)
    yield iri, SPDX.checksum, checksum
    yield checksum, RDF.type, SPDX.Checksum
    yield checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256
    yield checksum, SPDX.checksumValue, Literal(release.checksum, datatype=XSD.hexBinary)
    if release.notes:
        yield iri, ADMS.versionNotes, Literal(release.notes)


def _distributed(release: Release) -> Iterator[Triple]:
    for form in DESCRIPTION_FORMATS:
        file = URIRef(f"{release.iri}.{form.extension}")
        yield release.iri, DCAT.distribution, file
        yield file, RDF.type, DCAT.Distribution
        yield file, DCAT.downloadURL, file
        yield file, DCAT.mediaType, URIRef(_MEDIA_TYPES + form.media_type)


def _read(row: Row) -> Release:
    return Release(
        graph=URIRef(row["graph"]),
        name=str(row["name"]),
        issued=datetime.fromisoformat(str(row["issued"]).replace("Z", "+00:00")),
        number=int(str(row["number"])),
        statements=int(str(row["statements"])),
        concepts=int(str(row["concepts"])),
        checksum=str(row["checksum"]).lower(),
        notes=str(row.get("notes", "")),
    )
