"""REST API: what is wrong with a vocabulary or catalog that is sent; nothing of it is kept."""

from collections import Counter
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from vocab_server.errors import InvalidError, TooLargeError
from vocab_server.quality.check import SHACL_SEVERITY
from vocab_server.quality.results import failure_json, finding_json, to_graph
from vocab_server.quality.shacl.results import result_json
from vocab_server.quality.uploads import (
    LARGEST,
    MOST,
    Checked,
    check_upload,
    check_upload_by_shapes,
)
from vocab_server.rdf.formats import negotiate
from vocab_server.reading import content_language
from vocab_server.services import services

bp = Blueprint("api_validate", __name__, url_prefix="/api/v1")

OFFERS = ("application/json", "text/turtle")
_UNSAID = {"", "application/octet-stream", "application/x-www-form-urlencoded"}


@bp.post("/validate")
def validate() -> ResponseReturnValue:
    """The findings in RDF of any format: as JSON, or as a SHACL validation report."""
    media_type = negotiate(request.headers.get("Accept"), OFFERS)
    if (request.content_length or 0) > LARGEST:
        raise TooLargeError(f"The body must not be larger than {LARGEST} bytes.")
    form = request.args.get("format") or request.mimetype
    profile = request.args.get("profile", "")
    format_ = None if form in _UNSAID else form
    found = check_upload(request.get_data(), "The body", format_, profile)
    if media_type == OFFERS[0]:
        response = jsonify(_told(found))
    else:
        graph = to_graph(found.findings, f"{services().settings.base}/checks/")
        response = Response(graph.serialize(format="turtle"), content_type="text/turtle")
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


@bp.post("/validate/shapes")
def validate_by_shapes() -> ResponseReturnValue:
    """What breaks somebody's own shapes in RDF of any format; both are sent as files of a form."""
    if (request.content_length or 0) > 2 * LARGEST:
        raise TooLargeError("The body must not be larger than %(bytes)s bytes.", bytes=2 * LARGEST)
    (data, name), (shapes, shapes_name) = _part("data"), _part("shapes")
    results = check_upload_by_shapes(data, name, shapes, shapes_name)
    counts = Counter(found.severity for found in results)
    response = jsonify(
        findings=[result_json(found) for found in results[:MOST]],
        counts={name.value: counts[iri] for name, iri in SHACL_SEVERITY.items()},
        total=len(results),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _part(name: str) -> tuple[bytes, str]:
    """A part of a form, and what it is called. Raises InvalidError when it is not there."""
    if (file := request.files.get(name)) is not None:
        return file.read(LARGEST + 1), file.filename or name
    if (text := request.form.get(name)) is not None:
        return text.encode("utf-8", "replace"), name
    raise InvalidError(
        "There is no part %(name)r. Send data and shapes as two files of a form"
        " (multipart/form-data).",
        name=name,
    )


def _told(found: Checked) -> dict[str, Any]:
    language = content_language()
    return {
        "findings": [finding_json(finding, language) for finding in found.findings],
        "failures": [failure_json(result) for result in found.failures],
        "counts": {severity.value: count for severity, count in found.counts.items()},
        "total": found.total,
    }
