"""Clones of datasets: as many as wanted, each its own, and nothing else is repeated."""

from pathlib import Path

from rdflib import Graph, URIRef

from vocab_server.bench.cloning import write_clones
from vocab_server.rdf.namespaces import DCAT, DCT, RDF
from vocab_server.rdf.skolem import PREFIX

TOWN = "https://town.example/"
LINES = f"""<{TOWN}c> <{RDF.type}> <{DCAT.Catalog}> .
<{TOWN}c> <{DCAT.dataset}> <{TOWN}a> .
<{TOWN}c> <{DCAT.dataset}> <{TOWN}b> .
<{TOWN}a> <{RDF.type}> <{DCAT.Dataset}> .
<{TOWN}a> <{DCT.publisher}> <{TOWN}office> .
<{TOWN}a> <{DCAT.distribution}> <{TOWN}a.csv> .
<{TOWN}a.csv> <{RDF.type}> <{DCAT.Distribution}> .
<{TOWN}b> <{RDF.type}> <{DCAT.Dataset}> .
<{TOWN}b> <{DCT.title}> "A title . with <signs>"@en .
<{TOWN}b> <{DCAT.contactPoint}> <{PREFIX}1> .
<{PREFIX}1> <{RDF.type}> <urn:kind> .""".splitlines()
CONCEPT = URIRef("https://example.org/topics/water")


def cloned(folder: Path, datasets: int, mark: str = "x") -> Graph:
    file = folder / "cloned.nt"
    write_clones(LINES, file, datasets, mark, [CONCEPT])
    return Graph().parse(file, format="nt")


def test_there_are_as_many_datasets_as_wanted_and_all_are_listed(tmp_path: Path) -> None:
    for wanted in (1, 2, 5):
        found = cloned(tmp_path, wanted)
        datasets = set(found.subjects(RDF.type, DCAT.Dataset))
        assert len(datasets) == wanted
        assert set(found.objects(URIRef(f"{TOWN}c"), DCAT.dataset)) == datasets
        assert set(found.subjects(DCT.subject, CONCEPT)) == datasets


def test_what_belongs_to_a_dataset_is_cloned_with_it(tmp_path: Path) -> None:
    found = cloned(tmp_path, 4)
    assert len(set(found.subjects(RDF.type, DCAT.Distribution))) == 2
    assert len(set(found.objects(None, DCAT.contactPoint))) == 2
    assert set(found.objects(None, DCT.publisher)) == {URIRef(f"{TOWN}office")}
    assert set(found.subjects(DCAT.distribution)) <= set(found.subjects(RDF.type, DCAT.Dataset))


def test_clones_are_the_same_at_every_call_and_others_with_another_mark(tmp_path: Path) -> None:
    first, second = cloned(tmp_path, 3), cloned(tmp_path, 3)
    assert set(first) == set(second)
    other = cloned(tmp_path, 3, "y")
    datasets = set(first.subjects(RDF.type, DCAT.Dataset))
    assert datasets.isdisjoint(other.subjects(RDF.type, DCAT.Dataset))
