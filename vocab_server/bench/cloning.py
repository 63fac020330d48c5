"""Catalogs of any size, made of real datasets that are repeated; the same at every call."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from rdflib import URIRef

from vocab_server.rdf.namespaces import DCAT, DCT, RDF
from vocab_server.rdf.skolem import is_skolem

_TYPE, _LISTS = f"<{RDF.type}>", f"<{DCAT.dataset}>"
_REPEATED = {f"<{DCAT[name]}> ." for name in ("Dataset", "Distribution")}
_DATASET, _SUBJECT = f"<{DCAT.Dataset}> .", f"<{DCT.subject}>"


def write_clones(
    lines: Sequence[str], target: Path, datasets: int, mark: str, concepts: Sequence[URIRef] = ()
) -> None:
    """Write N-Triples with this many datasets, clones of those in ``lines``, in turns.

    A clone has IRIs of its own for itself, its distributions and its blank nodes, with ``mark`` in
    them; publishers and codes stay. Each is about one of ``concepts``, if there are any.
    """
    split = [line.rstrip("\n").split(" ", 2) for line in lines]
    repeated = {s for s, p, o in split if (p == _TYPE and o in _REPEATED) or is_skolem(s[1:-1])}
    originals = sorted({s for s, p, o in split if p == _TYPE and o == _DATASET})
    drawn = random.Random(1)  # noqa: S311  (the same at every run)
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for start in range(0, datasets, len(originals)):
            wanted = set(originals[: datasets - start])
            left_out = set(originals) - wanted
            file.writelines(_round(split, repeated, left_out, f"/{mark}-{start}"))
            for dataset in sorted(wanted) if concepts else ():
                concept = concepts[drawn.randrange(len(concepts))]
                file.write(f"{_renamed(dataset, f'/{mark}-{start}')} {_SUBJECT} <{concept}> .\n")


def _round(
    split: Sequence[Sequence[str]], repeated: set[str], left_out: set[str], mark: str
) -> Iterator[str]:
    """All statements once, but for those of some datasets."""
    for subject, predicate, value in split:
        thing = value.removesuffix(" .")
        if subject in left_out or (predicate == _LISTS and thing in left_out):
            continue
        one = _renamed(subject, mark) if subject in repeated else subject
        other = _renamed(thing, mark) if thing in repeated else thing
        yield f"{one} {predicate} {other} .\n"


def _renamed(iri: str, mark: str) -> str:
    return f"{iri[:-1]}{mark}>"
