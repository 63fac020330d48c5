"""What was found out about datasets that their descriptions do not tell: for their scores."""

from collections.abc import Mapping, Sequence

from rdflib import URIRef

from vocab_server.catalog.entering import triples_of
from vocab_server.catalog.resources import Dataset, Resource
from vocab_server.database.links import Links
from vocab_server.quality.check import Severity
from vocab_server.quality.dcat.checks import findings_in
from vocab_server.quality.mqa import Known
from vocab_server.rdf.change import to_lines
from vocab_server.services import Services

PROFILE = "dcat-ap"  # whose rules the metric of compliance is about


def find_out(services: Services, datasets: Sequence[Dataset]) -> Known:
    """Whether the addresses of files answered, and whether datasets keep the rules of DCAT-AP.

    One look-up and one run of the rules for all of them.
    """
    urls = {
        url
        for dataset in datasets
        for distribution in dataset.distributions
        for url in distribution.addresses
    }
    return Known.of(Links(services.database).statuses(sorted(urls)), _valid(datasets))


def _valid(datasets: Sequence[Dataset]) -> Mapping[str, bool]:
    """Whether no rule is broken in a dataset and what belongs to it."""
    owners: dict[URIRef, set[str]] = {}
    lines: set[bytes] = set()
    for dataset in datasets:
        for part in _parts(dataset):
            owners.setdefault(part.iri, set()).add(str(dataset.iri))
            lines.update(line.encode() for line in to_lines(triples_of(part.iri, part.values)))
    wrong = {
        owner
        for finding in findings_in(lines, PROFILE)
        if finding.check.severity is Severity.VIOLATION
        for owner in owners.get(finding.focus, ())
    }
    return {str(dataset.iri): str(dataset.iri) not in wrong for dataset in datasets}


def _parts(dataset: Dataset) -> tuple[Resource, ...]:
    others = (*dataset.publishers, *dataset.contacts, *dataset.services)
    return (dataset.resource, *dataset.distributions, *others)
