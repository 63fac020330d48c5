"""Accounts for tests, and the way into the pages that real people take."""

import re
from functools import cache

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from vocab_server.accounts.account import Account, By
from vocab_server.accounts.passwords import hash_password
from vocab_server.accounts.register import add_account, find_account
from vocab_server.accounts.roles import Grant
from vocab_server.accounts.sessions import begin_session
from vocab_server.database.account_models import AccountRow
from vocab_server.services import Services

PASSWORD = "vattenfall-2026-badvatten"  # noqa: S105  (of tests)
TESTER = By("tester", "192.0.2.1")
HTML = {"Accept": "text/html"}
PROOF = re.compile(r'name="csrf_token" value="([^"]+)"')


@cache
def kept_hash() -> str:
    """The hash of PASSWORD, worked out once: it takes long on purpose."""
    return hash_password(PASSWORD)


def add_person(database: Engine, name: str, *grants: Grant) -> Account:
    """An account whose password is PASSWORD."""
    add_account(database, TESTER, name, grants=frozenset(grants))
    with Session(database) as session, session.begin():
        chosen = update(AccountRow).where(AccountRow.name == name)
        session.execute(chosen.values(password_hash=kept_hash()))
    return find_account(database, name)


def services_of(app: Flask) -> Services:
    opened: Services = app.extensions["vocab_server"]
    return opened


def proof(client: FlaskClient, path: str = "/sign-in") -> str:
    """What a form on a page holds so that we know it is ours."""
    return _proof_in(client.get(path, headers=HTML).text, path)


def _proof_in(shown: str, path: str) -> str:
    found = PROOF.search(shown)
    assert found, path
    return found[1]


def send(
    client: FlaskClient, path: str, form_page: str = "", shown: str = "", **fields: object
) -> TestResponse:
    """What a browser sends when a form is filled in on a page, at the same address if not said.

    The page may already be ``shown``.
    """
    told = _proof_in(shown, path) if shown else proof(client, form_page or path)
    return client.post(path, data={"csrf_token": told, **fields}, headers=HTML)


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD) -> TestResponse:
    return send(client, "/sign-in", name=name, password=password)


def signed_in(app: Flask, name: str) -> FlaskClient:
    """A browser in which somebody has signed in; without the hashing, which takes long."""
    client, database = app.test_client(), services_of(app).database
    secret = begin_session(database, TESTER, find_account(database, name))
    with client.session_transaction() as session:
        session["_user_id"] = secret  # what Flask-Login keeps
    return client
