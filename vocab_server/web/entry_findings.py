"""What a profile of DCAT says of one dataset, for who describes it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from vocab_server.catalog.entering import triples_of
from vocab_server.catalog.export import datasets_of
from vocab_server.catalog.profiles import PROFILES, get_profile
from vocab_server.listing.assets import find_asset
from vocab_server.listing.keepers import Asset
from vocab_server.quality.check import Finding
from vocab_server.quality.dcat.checks import findings_in
from vocab_server.quality.dcat.tagging import findings_of_tags
from vocab_server.rdf.change import to_lines
from vocab_server.reading import interface_language, view
from vocab_server.tagging.deriving import derived_triples
from vocab_server.web.entering import title_of
from vocab_server.web.quality_texts import SEVERITIES, texts_of

bp = Blueprint("entry_findings", __name__)
USUAL = "dcat-ap-se"
_ABOUT_CATALOG = "Catalog"  # its publisher reads of it elsewhere


@bp.get("/catalogs/<identifier>/assets/<name>/findings")
def show(identifier: str, name: str) -> ResponseReturnValue:
    """What is wrong with a dataset and its files, and what would make them better."""
    profile = get_profile(request.args.get("profile", USUAL))
    asset = find_asset(identifier, name)
    lines = _lines(asset)
    found = [f for f in findings_in(lines, profile.id) if not _is_of_catalog(f)]
    found += findings_of_tags(view().store, lines)
    return render_template(
        "entering/findings.html",
        catalog=asset.catalog,
        listed=asset,
        name=title_of(asset),
        findings=[(texts_of(f.check), f, f.message(interface_language())) for f in found],
        severities=SEVERITIES,
        profile=profile,
        profiles=list(PROFILES.values()),
    )


def _is_of_catalog(finding: Finding) -> bool:
    return finding.check.id.split(".")[1] == _ABOUT_CATALOG


def _lines(asset: Asset) -> set[bytes]:
    """A dataset as harvesters get it, or would."""
    graphs, datasets = [asset.catalog.graph], [asset.dataset.iri]
    if asset.is_internal:
        described = asset.dataset.described.items()
        own = to_lines(triple for iri, values in described for triple in triples_of(iri, values))
        return {line.encode() for line in own}
    tagged = to_lines(derived_triples(view().store, graphs, datasets))
    return datasets_of(view().store, graphs, datasets) | {line.encode() for line in tagged}
