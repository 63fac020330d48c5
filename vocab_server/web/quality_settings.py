"""What a vocabulary asks for in quality: the level of each check, languages that it must have."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vocab_server.accounts.audit import Act
from vocab_server.accounts.roles import Permission
from vocab_server.database.quality import QualitySettings
from vocab_server.errors import InvalidError
from vocab_server.identity import requires
from vocab_server.quality.check import Level
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.verdict import level_of
from vocab_server.rdf.languages import is_tag
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.error_texts import in_words
from vocab_server.web.quality import noting
from vocab_server.web.quality_texts import LEVELS, SEVERITIES, texts_of
from vocab_server.web.vocabularies import summary

bp = Blueprint("quality_settings", __name__)

MOST = 50  # languages


@bp.route("/vocabularies/<identifier>/quality/settings", methods=["GET", "POST"])
@requires(Permission.MANAGE_VOCABULARIES, "identifier")
def show(identifier: str) -> ResponseReturnValue:
    """A level for each check, and the languages that every concept must have a name in."""
    vocabulary = view().vocabulary(identifier)
    if request.method == "GET":
        return _page(vocabulary)
    try:
        wanted = QualitySettings(_levels(), tuple(_languages(request.form.get("languages", ""))))
        told = _told(services().quality.settings(vocabulary.graph), wanted)
        services().quality.change(
            vocabulary.graph,
            wanted.levels,
            wanted.languages,
            noting(Act.QUALITY_CHANGED, vocabulary.id, told),
        )
    except InvalidError as error:
        return _page(vocabulary, in_words(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("The settings are saved."))
    return redirect(url_for("quality.show", identifier=identifier), HTTPStatus.SEE_OTHER)


def _told(before: QualitySettings, after: QualitySettings) -> str:
    """What changes, for the audit trail: the new level of checks, the languages."""
    levels = [
        f"{check.id}: {level_of(check, after)}"
        for check in CHECKS
        if level_of(check, after) is not level_of(check, before)
    ]
    is_other = set(before.languages) != set(after.languages)
    languages = [f"languages: {' '.join(sorted(set(after.languages))) or '-'}"] if is_other else []
    return ", ".join([*levels, *languages])


def _levels() -> dict[str, str]:
    """The levels that are not as usual."""
    chosen = {check: request.form.get(f"level-{check.id}", check.level) for check in CHECKS}
    for level in chosen.values():
        if level not in set(Level):
            raise InvalidError("Choose one of the levels.")
    return {check.id: str(level) for check, level in chosen.items() if level != check.level}


def _languages(text: str) -> list[str]:
    tags = text.replace(",", " ").lower().split()
    wrong = [tag for tag in tags if not is_tag(tag)]
    if wrong or len(tags) > MOST:
        raise InvalidError("Write language tags with commas between them, for example: en, sv.")
    return tags


def _page(vocabulary: Vocabulary, problem: str = "") -> str:
    settings = services().quality.settings(vocabulary.graph)
    typed = request.form.get("languages", ", ".join(settings.languages))
    return render_template(
        "quality/settings.html",
        vocabulary=summary(vocabulary),
        rows=[(texts_of(check), level_of(check, settings), check.level) for check in CHECKS],
        levels=LEVELS,
        severities=SEVERITIES,
        languages=typed,
        errors=[("languages", problem)] if problem else [],
    )
