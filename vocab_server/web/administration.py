"""Administration: who has an account, with which roles."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vocab_server.accounts.account import Account
from vocab_server.accounts.passwords import make_password
from vocab_server.accounts.register import (
    add_account,
    change_account,
    find_account,
    give_role,
    list_accounts,
    set_password,
    take_role,
)
from vocab_server.accounts.roles import REACH, Grant, Permission, Reach, grant_of
from vocab_server.accounts.rules import Rule, broken
from vocab_server.catalog.catalogs import can_name
from vocab_server.errors import AccountRuleError
from vocab_server.identity import by, requires
from vocab_server.reading import Page, languages, page_number, view
from vocab_server.services import services
from vocab_server.web import account_texts
from vocab_server.web.account_forms import (
    ConfirmForm,
    DetailsForm,
    NewAccountForm,
    RoleForm,
    about_roles,
    blame,
    errors_of,
)

bp = Blueprint("administration", __name__, url_prefix="/administration")
ACCOUNTS = 50  # on a page
LONGEST_SEARCH = 200  # characters

# Where a form says what the domain refused.
FIELDS = {
    Rule.NAME_FORM: "name",
    Rule.NAME_TAKEN: "name",
    Rule.TEXT_TOO_LONG: "display_name",
    Rule.EMAIL_FORM: "email",
    Rule.ROLE_UNKNOWN: "role",
    Rule.ROLE_HAS_NO_SCOPE: "scope",
    Rule.SCOPE_UNKNOWN: "scope",
    Rule.LAST_ADMINISTRATOR: "is_active",
}


@bp.get("")
@requires(Permission.MANAGE_ACCOUNTS)
def start() -> ResponseReturnValue:
    """Where administration begins."""
    return redirect(url_for(".accounts"), HTTPStatus.SEE_OTHER)


@bp.get("/accounts")
@requires(Permission.MANAGE_ACCOUNTS)
def accounts() -> ResponseReturnValue:
    """The accounts, by name."""
    text, number = request.args.get("q", "").strip()[:LONGEST_SEARCH], page_number()
    found, total = list_accounts(
        services().database, text, limit=ACCOUNTS, offset=(number - 1) * ACCOUNTS
    )
    return render_template(
        "administration/accounts.html",
        page=Page(found, number, ACCOUNTS, total),
        query=text,
        roles=account_texts.ROLES,
    )


@bp.route("/accounts/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def new() -> ResponseReturnValue:
    """Add an account; a password that was made for it is in the answer and never again."""
    form = NewAccountForm()
    if form.validate_on_submit():
        made = make_password() if form.with_password.data else ""
        try:
            added = _add(form, made)
        except AccountRuleError as error:
            _blame(form, error)
        else:
            return render_template("administration/made.html", owner=added, made=made)
    return _form_page("administration/new.html", form)


@bp.route("/accounts/<name>", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def show(name: str) -> ResponseReturnValue:
    """One account: change what is told of it, let it sign in or not."""
    owner = find_account(services().database, name)
    form = DetailsForm(obj=owner)
    if form.validate_on_submit():
        try:
            change_account(
                services().database,
                by(),
                name,
                display_name=form.display_name.data or "",
                email=form.email.data or "",
                is_active=form.is_active.data,
            )
        except AccountRuleError as error:
            _blame(form, error)
        else:
            return _done(owner, _("The account is changed."))
    return _form_page(
        "administration/account.html",
        form,
        owner=owner,
        confirm=ConfirmForm(),
        grants=[(found, account_texts.ROLES[found.role]) for found in sorted(owner.grants)],
    )


@bp.route("/accounts/<name>/role", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def give(name: str) -> ResponseReturnValue:
    """Give an account one more role."""
    owner, form = find_account(services().database, name), RoleForm()
    if form.validate_on_submit():
        try:
            give_role(services().database, by(), name, _grant(form))
        except AccountRuleError as error:
            _blame(form, error)
        else:
            return _done(owner, _("The role is given."))
    return _form_page("administration/role.html", form, owner=owner)


@bp.route("/accounts/<name>/role/take", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def take(name: str) -> ResponseReturnValue:
    """Take a role from an account, after asking whether that is meant."""
    owner = find_account(services().database, name)
    grant = grant_of(request.args.get("role", ""), request.args.get("scope", ""))
    form, errors = ConfirmForm(), []
    if form.validate_on_submit():
        try:
            take_role(services().database, by(), name, grant)
        except AccountRuleError as error:
            errors = [("take", account_texts.told(error))]
        else:
            return _done(owner, _("The role is taken away."))
    return render_template(
        "administration/take.html",
        form=form,
        errors=errors,
        owner=owner,
        role=account_texts.ROLES[grant.role],
        scope=grant.scope,
    ), _status(errors)


@bp.route("/accounts/<name>/password", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def password(name: str) -> ResponseReturnValue:
    """Make a new password for an account; it is in the answer and never again."""
    owner, form = find_account(services().database, name), ConfirmForm()
    if not form.validate_on_submit():
        return render_template("administration/password.html", form=form, owner=owner)
    made = make_password()
    set_password(services().database, by(), name, made)
    return render_template("administration/made.html", owner=owner, made=made)


def _add(form: NewAccountForm, made: str) -> Account:
    return add_account(
        services().database,
        by(),
        form.name.data,
        password=made,
        display_name=form.display_name.data or "",
        email=form.email.data or "",
        grants=frozenset({_grant(form)}),
    )


def _grant(form: RoleForm) -> Grant:
    """The role of a form.

    Raises AccountRuleError, also for a vocabulary that is not here and for what cannot name a
    catalog. A catalog need not be here: its publisher makes it.
    """
    grant = grant_of(form.role.data, form.scope.data)
    known = {vocabulary.id for vocabulary in view().vocabularies}
    if REACH[grant.role] is Reach.VOCABULARY and grant.scope not in known | {""}:
        raise broken(Rule.SCOPE_UNKNOWN, f"There is no vocabulary {grant.scope!r} here.")
    if REACH[grant.role] is Reach.CATALOG and grant.scope and not can_name(grant.scope):
        raise broken(Rule.SCOPE_UNKNOWN, f"{grant.scope!r} cannot name a catalog.")
    return grant


def _blame(form: DetailsForm | RoleForm, error: AccountRuleError) -> None:
    blame(form, FIELDS[Rule(error.rule)], account_texts.told(error))


def _done(owner: Account, message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for(".show", name=owner.name), HTTPStatus.SEE_OTHER)


def _form_page(template: str, form: DetailsForm | RoleForm, **more: object) -> ResponseReturnValue:
    errors = errors_of(form)
    scopes = [(found.id, found.title(languages())) for found in view().vocabularies]
    scopes += [(found.id, found.title) for found in view().catalogs]
    page = render_template(
        template, form=form, errors=errors, scopes=scopes, about_roles=about_roles(), **more
    )
    return page, _status(errors)


def _status(errors: list[tuple[str, str]]) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
