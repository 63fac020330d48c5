"""The search as browsers install it (OpenSearch 1.1)."""

from xml.sax.saxutils import escape

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from vocab_server.services import services

bp = Blueprint("opensearch", __name__)

MEDIA_TYPE = "application/opensearchdescription+xml"
_DESCRIPTION = """<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
  <ShortName>vocab-server</ShortName>
  <Description>Concepts of the vocabularies at {base}</Description>
  <InputEncoding>UTF-8</InputEncoding>
  <Image width="16" height="16" type="image/svg+xml">{base}/static/icon.svg</Image>
  <Url type="text/html" template="{base}/search?q={{searchTerms}}"/>
  <Url type="application/x-suggestions+json" rel="suggestions"
    template="{base}/api/v1/suggestions?q={{searchTerms}}"/>
  <Url type="application/json" rel="results"
    template="{base}/api/v1/search?q={{searchTerms}}&amp;limit={{count?}}&amp;lang={{language?}}"/>
  <Url type="{media_type}" rel="self" template="{base}/opensearch.xml"/>
</OpenSearchDescription>
"""


@bp.get("/opensearch.xml")
def show() -> ResponseReturnValue:
    """Where browsers search and ask for suggestions."""
    text = _DESCRIPTION.format(base=escape(services().settings.base), media_type=MEDIA_TYPE)
    return Response(text, content_type=f"{MEDIA_TYPE}; charset=utf-8")
