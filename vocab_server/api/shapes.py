"""The shapes that catalogs are checked with, as RDF (SHACL), one graph for each profile of DCAT."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from rdflib import Namespace

from vocab_server.api.graphs import accepted
from vocab_server.catalog.profiles import get_profile
from vocab_server.quality.dcat.shapes import shapes_of
from vocab_server.rdf.formats import DESCRIPTION_FORMATS, content_type, get_format
from vocab_server.services import services

bp = Blueprint("shapes", __name__)


@bp.get("/shapes/<profile>")
def show(profile: str) -> ResponseReturnValue:
    """The shapes of a profile, in the form that is accepted."""
    response = _shapes(profile, accepted())
    response.vary.add("Accept")
    return response


@bp.get("/shapes/<profile>.<extension>")
def download(profile: str, extension: str) -> ResponseReturnValue:
    """The shapes of a profile as a file."""
    return _shapes(profile, get_format(extension, DESCRIPTION_FORMATS).media_type)


def _shapes(profile: str, media_type: str) -> Response:
    base = services().settings.base
    checks, classes = Namespace(f"{base}/checks/"), Namespace(f"{base}/shapes/{profile}#")
    graph = shapes_of(get_profile(profile), checks, classes)
    written = graph.serialize(format=get_format(media_type).name, encoding="utf-8")
    return Response(written, content_type=content_type(media_type))
