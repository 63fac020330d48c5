"""The page where a published mistake, which nobody should see, is withdrawn for ever."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vocab_server.accounts.roles import Permission
from vocab_server.errors import InvalidError
from vocab_server.identity import demand
from vocab_server.past import named_resource
from vocab_server.reading import lens_for, link, shown_language, view
from vocab_server.services import services
from vocab_server.skos.hierarchy import items
from vocab_server.skos.withdrawing import withdraw
from vocab_server.web.error_texts import in_words
from vocab_server.web.releases import releases_with
from vocab_server.web.vocabularies import summary

bp = Blueprint("withdrawing", __name__)


@bp.route("/vocabularies/<identifier>/withdraw", methods=["GET", "POST"])
def show(identifier: str) -> ResponseReturnValue:
    """What withdrawing the concept ``?iri=`` means, a form for the reason, and the withdrawing."""
    vocabulary = view().vocabulary(identifier)
    account = demand(Permission.PUBLISH, identifier)
    concept, lens = named_resource(vocabulary.graph), lens_for(vocabulary.graph)
    if concept is None:
        raise InvalidError("Give the address of a concept as ?iri=.")
    reason, problem = request.form.get("reason", ""), ""
    try:
        if request.method == "POST":
            services().withdrawer.withdraw(vocabulary.graph, concept, account.name, reason)
            flash(_("It is withdrawn. Its address says so for ever."))
            address = url_for("histories.show", identifier=identifier)
            return redirect(address, HTTPStatus.SEE_OTHER)
        withdraw(view().store, vocabulary.graph, concept)
    except InvalidError as error:
        problem = in_words(error)
    page = render_template(
        "withdrawing/show.html",
        vocabulary=summary(vocabulary),
        content_language=shown_language(lens),
        concept=link(items(lens, [concept])[0]),
        releases=releases_with(vocabulary, concept),
        errors=[("reason", problem)] if problem else [],
        reason=reason,
    )
    is_refused = request.method == "POST"
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
