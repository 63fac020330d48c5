"""The REST API of Skosmos, so that its clients can read from us (Skosmos, swagger.json).

What is odd about the dialect stays in this package: names in the singular where there are
several, languages in brackets after labels, errors as text. Where Skosmos gives everything at once
we give at most ``answers.MOST``, and name the rest in a Link header.
"""

from flask import Blueprint

from vocab_server.api.skosmos import answers, data, letters, relations, search, vocabularies
from vocab_server.errors import VocabServerError

PARTS = (
    vocabularies.bp,
    search.bp,
    data.bp,
    relations.bp,
    letters.bp,
)

bp = Blueprint("skosmos", __name__)
bp.register_error_handler(VocabServerError, answers.refusal)
for part in PARTS:
    bp.register_blueprint(part, url_prefix=answers.PREFIX)
bp.register_blueprint(data.entity_bp)
