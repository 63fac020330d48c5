"""What a file of DCAT holds, and what its publisher should know about it before it goes in."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from vocab_server.rdf.namespaces import DCAT, DCT, RDF
from vocab_server.rdf.ntriples import read_literal
from vocab_server.rdf.skolem import is_skolem

_TYPE = f"<{RDF.type}>"
_CLASSES = {
    f"<{DCAT[name]}>": name
    for name in ("Catalog", "Dataset", "DatasetSeries", "Distribution", "DataService")
}
_KEYWORD = f"<{DCAT.keyword}>"
_TITLE, _THEMES = f"<{DCT.title}>", {f"<{DCAT.theme}>", f"<{DCT.subject}>"}


@dataclass(frozen=True, slots=True)
class Holdings:
    """Counts of what a file holds; ``remarks`` say in words what is unusual in it.

    ``title`` is that of its catalog, "" when it has none or several.

    ``themes`` are the pairs of a dataset and an IRI that it is said to be about, ``keywords``
    those of a dataset and a word.
    """

    catalogs: int
    datasets: int
    distributions: int
    services: int
    title: str
    remarks: tuple[str, ...]
    themes: frozenset[tuple[str, str]]
    keywords: frozenset[tuple[str, str]]


@dataclass(slots=True)
class _Seen:
    kinds: dict[str, set[str]] = field(
        default_factory=lambda: {n: set() for n in _CLASSES.values()}
    )
    titled: dict[str, str] = field(default_factory=dict)
    themes: set[tuple[str, str]] = field(default_factory=set)
    keywords: set[tuple[str, str]] = field(default_factory=set)


def examine_catalog(blocks: Iterable[bytes]) -> Holdings:
    """What lines of N-Triples hold. Nothing is changed: the remarks tell how it is understood."""
    seen = _Seen()
    for block in blocks:
        for line in block.splitlines():
            _note(seen, *line.decode().split(" ", 2))
    datasets = seen.kinds["Dataset"] | seen.kinds["DatasetSeries"]
    catalogs = sorted(seen.kinds["Catalog"])
    return Holdings(
        catalogs=len(catalogs),
        datasets=len(datasets),
        distributions=len(seen.kinds["Distribution"]),
        services=len(seen.kinds["DataService"]),
        title=seen.titled.get(catalogs[0], "") if len(catalogs) == 1 else "",
        remarks=tuple(_remarks(seen, datasets)),
        themes=frozenset(pair for pair in seen.themes if pair[0] in datasets),
        keywords=frozenset(pair for pair in seen.keywords if pair[0] in datasets),
    )


def _note(seen: _Seen, subject: str, predicate: str, rest: str) -> None:
    subject, value = subject[1:-1], rest.removesuffix(" .")
    if predicate == _TYPE and value in _CLASSES:
        seen.kinds[_CLASSES[value]].add(subject)
    elif predicate == _TITLE and value.startswith('"'):
        seen.titled.setdefault(subject, read_literal(value)[1])
    elif predicate in _THEMES and value.startswith("<"):
        seen.themes.add((subject, value[1:-1]))
    elif predicate == _KEYWORD and value.startswith('"'):
        seen.keywords.add((subject, read_literal(value)[1]))


def _remarks(seen: _Seen, datasets: set[str]) -> Iterable[str]:
    counted = Counter(
        {
            "without an address of their own: they get another page when they are changed": sum(
                map(is_skolem, datasets)
            ),
            "without a title: they are shown by their address": len(datasets - seen.titled.keys()),
        }
    )
    for about, count in counted.items():
        if count:
            yield f"{count} of {len(datasets)} datasets are {about}."
    if seen.kinds["Distribution"] and not datasets:
        yield (
            "Nothing in it is said to be a dataset (dcat:Dataset), though there are distributions:"
            " its datasets are not seen. Ask its publisher to give each that type."
        )
    if len(seen.kinds["Catalog"]) > 1:
        yield f"There are {len(seen.kinds['Catalog'])} catalogs in it, which become one here."
