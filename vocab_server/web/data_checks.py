"""Data checks: a page for each distribution, one where anybody tries a file, and all faults."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vocab_server.accounts.account import Account
from vocab_server.accounts.roles import Permission
from vocab_server.catalog.resources import Dataset, Distribution, part_key
from vocab_server.database.data_checks import DataChecks, Wanted
from vocab_server.database.links import Links
from vocab_server.errors import BusyError, InvalidError, NotFoundError
from vocab_server.identity import current_account, demand
from vocab_server.operation.concept_columns import find_vocabulary
from vocab_server.operation.data_trying import LARGEST, try_data
from vocab_server.quality.data.fault import DataReport, from_plain
from vocab_server.quality.data.faults import FAULTS
from vocab_server.quality.data.telling import to_json
from vocab_server.rdf.languages import Label, resolve
from vocab_server.reading import interface_language, languages, shown, view
from vocab_server.retagging import catalogs_of, find_dataset
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.store.parsing import MIB
from vocab_server.web.data_texts import STATES, WAYS, fault_texts, shown_report
from vocab_server.web.distributions import form_of
from vocab_server.web.error_texts import in_words
from vocab_server.web.quality import unkept
from vocab_server.web.quality_texts import SEVERITIES

bp = Blueprint("data_checks", __name__)
LONGEST_NAME = 200  # characters of a column


@bp.get("/datasets/<identifier>/data/<key>")
def show(identifier: str, key: str) -> ResponseReturnValue:
    """What the last check of a distribution found, and how far the one that runs has come."""
    dataset, part = _found(identifier, key)
    return _page(identifier, dataset, part)


@bp.get("/datasets/<identifier>/data/<key>.json")
def data(identifier: str, key: str) -> ResponseReturnValue:
    """The same for programs."""
    _dataset, part = _found(identifier, key)
    check = DataChecks(services().database).find(part.iri)
    if check is None:
        raise NotFoundError("This file was never checked.")
    told: dict[str, Any] = {
        "distribution": check.distribution,
        "state": check.state.value,
        "url": check.url,
        "checked": check.ended.isoformat() if check.ended else None,
    }
    if check.report is not None:
        told |= to_json(from_plain(check.report), interface_language())
    return unkept(jsonify(told))


@bp.post("/datasets/<identifier>/data/<key>")
def check(identifier: str, key: str) -> ResponseReturnValue:
    """Ask for a check of a distribution, and of its links."""
    dataset, part = _found(identifier, key)
    (account, catalog), now = _demand_publisher(dataset), datetime.now(UTC)
    wanted = Wanted(part.iri, dataset.iri, catalog)
    DataChecks(services().database).ask([wanted], account.name, now)
    Links(services().database).ask(part.addresses, now)
    flash(_("The check is on its way. This page tells how far it has come."))
    return redirect(url_for(".show", identifier=identifier, key=key), HTTPStatus.SEE_OTHER)


@bp.post("/datasets/<identifier>/data/<key>/columns")
def declare(identifier: str, key: str) -> ResponseReturnValue:
    """Declare a column to hold concepts of a vocabulary, or no longer."""
    dataset, part = _found(identifier, key)
    _demand_publisher(dataset)
    name = request.form.get("column", "").strip()[:LONGEST_NAME]
    scheme, by = request.form.get("vocabulary", ""), request.form.get("by", "")
    if not name:
        return _refused(identifier, dataset, part, _("Write the name of the column."))
    if (scheme and find_vocabulary(view(), scheme) is None) or by not in WAYS:
        return _refused(identifier, dataset, part, _("Choose a vocabulary from the list."))
    try:
        DataChecks(services().database).declare(part.iri, name, scheme, by)
    except InvalidError as error:
        return _refused(identifier, dataset, part, in_words(error))
    flash(_("Saved. The next check compares the column with the vocabulary."))
    return redirect(url_for(".show", identifier=identifier, key=key), HTTPStatus.SEE_OTHER)


@bp.route("/validate/data", methods=["GET", "POST"])
def attempt() -> ResponseReturnValue:
    """A page for anybody: choose a file of data or paste it, and see what is wrong with it."""
    if request.method == "GET":
        return _attempt_page()
    try:
        content, name = _sent()
        report = try_data(content, name, _schema(), _declared(), view(), languages())
    except InvalidError as error:
        return _attempt_page(problem=in_words(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except BusyError as error:
        return _attempt_page(problem=in_words(error)), HTTPStatus.SERVICE_UNAVAILABLE
    return _attempt_page(report)


@bp.get("/checks/data")
def faults() -> ResponseReturnValue:
    """All faults that are looked for, with what they mean."""
    told = [fault_texts(fault) for fault in FAULTS]
    return render_template("data_checks/faults.html", faults=told, severities=SEVERITIES)


def _found(identifier: str, key: str) -> tuple[Dataset, Distribution]:
    dataset = find_dataset(identifier)
    for part in dataset.distributions:
        if part_key(part.iri) == key:
            return dataset, part
    raise NotFoundError("This dataset has no such file.")


def _demand_publisher(dataset: Dataset) -> tuple[Account, str]:
    """Who asks, and the catalog that lists a dataset in which they may change data."""
    own = catalogs_of(dataset)
    account = current_account()
    allowed = [c.id for c in own if account and account.may(Permission.EDIT_DATASETS, c.id)]
    catalog = (allowed or [c.id for c in own])[0]
    return demand(Permission.EDIT_DATASETS, catalog), catalog


def _refused(
    identifier: str, dataset: Dataset, part: Distribution, problem: str
) -> ResponseReturnValue:
    page = _page(identifier, dataset, part, problem)
    page.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return page


def _page(identifier: str, dataset: Dataset, part: Distribution, problem: str = "") -> Response:
    checks, account = DataChecks(services().database), current_account()
    found = checks.find(part.iri)
    may_check = account is not None and any(
        account.may(Permission.EDIT_DATASETS, catalog.id) for catalog in catalogs_of(dataset)
    )
    report = from_plain(found.report) if found and found.report is not None else None
    page = make_response(
        render_template(
            "data_checks/show.html",
            identifier=identifier,
            key=part_key(part.iri),
            name=_name(dataset.titles, dataset.iri),
            form=form_of(identifier, part, Links(services().database).find(part.addresses)),
            check=found,
            running=STATES.get(found.state) if found else None,
            result=shown_report(report) if report else None,
            severities=SEVERITIES,
            may_check=may_check,
            columns=_columns(checks.columns(part.iri)),
            names=[column.name for column in report.columns if column.name] if report else [],
            vocabularies=[(v.id, shown(v.title(languages()))) for v in view().vocabularies],
            ways=WAYS,
            errors=[("column", problem)] if problem else [],
        )
    )
    return unkept(page)


def _columns(declared: Mapping[str, tuple[str, str]]) -> list[tuple[str, Label, str]]:
    """Declared columns, each with the title of its vocabulary and what concepts are written by."""
    told = []
    for name, (scheme, by) in declared.items():
        vocabulary = find_vocabulary(view(), scheme)
        title = shown(vocabulary.title(languages())) if vocabulary else Label(scheme)
        told.append((name, title, str(WAYS[by])))
    return told


def _name(titles: tuple[Label, ...], iri: str) -> Label:
    found = resolve(titles, languages())
    return shown(found) if found else Label(local_name(iri))


def _sent() -> tuple[bytes, str]:
    """What was sent, and what it is called."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return file.read(LARGEST + 1), file.filename
    return request.form.get("text", "").encode("utf-8", "replace"), ""


def _schema() -> Mapping[str, Any] | None:
    """The description of the table that was sent along. Raises InvalidError."""
    file = request.files.get("schema")
    if file is None or not file.filename:
        return None
    try:
        found = json.loads(file.read(MIB))
    except (ValueError, RecursionError) as error:
        raise InvalidError(
            "%(name)s: The description of the table is not JSON.", name=file.filename
        ) from error
    if not isinstance(found, dict):
        raise InvalidError("%(name)s: The description is no JSON object.", name=file.filename)
    return found


def _declared() -> dict[str, tuple[str, str]]:
    name = request.form.get("column", "").strip()[:LONGEST_NAME]
    vocabulary = request.form.get("vocabulary", "")
    return {name: (vocabulary, "")} if name and vocabulary else {}


def _attempt_page(report: DataReport | None = None, problem: str = "") -> str:
    return render_template(
        "data_checks/attempt.html",
        result=shown_report(report) if report else None,
        severities=SEVERITIES,
        vocabularies=[(v.id, shown(v.title(languages()))) for v in view().vocabularies],
        typed=request.form,
        errors=[("text", problem)] if problem else [],
        largest=LARGEST // MIB,
    )
