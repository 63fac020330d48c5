"""The JSKOS API: vocabularies and concepts for Cocoda, BARTOC and their kin (jskos-server, API).

Reading only. What there is not (mappings as a collection of their own, concordances, annotations,
registries) is announced as null by /status, which is where clients take the addresses from.
"""

from flask import Blueprint

from vocab_server.api.jskos import answers, concepts, search, vocabularies
from vocab_server.errors import VocabServerError

PARTS = (vocabularies.bp, concepts.bp, search.bp, answers.bp)

bp = Blueprint("jskos", __name__, url_prefix=answers.PREFIX)
bp.register_error_handler(VocabServerError, answers.refusal)
for part in PARTS:
    bp.register_blueprint(part)
