"""Accounts and tokens on the command line, and what the server says when it starts."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import BASE
from tests.people import PASSWORD
from vocab_server.accounts.audit import read_trail
from vocab_server.accounts.passwords import make_password
from vocab_server.accounts.roles import Permission
from vocab_server.accounts.signing_in import check_sign_in
from vocab_server.accounts.tokens import find_token
from vocab_server.cli import cli
from vocab_server.config import Settings
from vocab_server.database import open_database
from vocab_server.errors import AccountRuleError, InvalidError, NotFoundError, VocabServerError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(data: Path, *arguments: str, given: str = "") -> Result:
    environ = {"VOCAB_SERVER_DATA": str(data), "VOCAB_SERVER_BASE_URL": BASE}
    done = CliRunner(env=environ).invoke(cli, arguments, input=given)
    if isinstance(done.exception, VocabServerError):
        raise done.exception
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done


def database(data: Path) -> object:
    return open_database(Settings(data=data).database_url)


def listed(data: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run(data, "user", "list", "--json").stdout)
    return found


def test_a_user_is_added_with_a_password_that_is_printed_alone(data: Path) -> None:
    done = run(data, "user", "add", "Root", "--role", "administrator", "--email", "r@x.se")
    assert done.exit_code == 0
    password = done.stdout.strip()
    assert re.fullmatch(r"[A-Za-z0-9]{24}", password)
    assert f"{BASE}/sign-in" in done.stderr
    assert check_sign_in(database(data), "root", password, "").email == "r@x.se"  # type: ignore[arg-type]
    [entry] = read_trail(database(data), act="account-added", limit=1)[0]  # type: ignore[arg-type]
    assert (entry.account, entry.target, entry.address) == ("command line", "root", "")


def test_a_password_can_be_piped_in_and_is_then_not_shown(data: Path) -> None:
    done = run(
        data, "user", "add", "anna", "--role", "editor", "--password-stdin", given=f"{PASSWORD}\n"
    )
    assert done.stdout == ""
    assert PASSWORD not in done.stderr
    assert check_sign_in(database(data), "anna", PASSWORD, "").name == "anna"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["anna", "--role", "reader", "--vocabulary", "themes"], InvalidError),
        (["anna", "--role", "editor", "--catalog", "malmo"], InvalidError),
        (["anna", "--role", "publisher", "--vocabulary", "themes"], InvalidError),
        (["anna", "--role", "editor", "--vocabulary", "no-such"], InvalidError),
        (["anna b", "--role", "editor"], AccountRuleError),
        (["anna", "--role", "editor", "--password-stdin"], AccountRuleError),
    ],
    ids=str,
)
def test_what_cannot_be_is_told_and_adds_nobody(
    data: Path, arguments: list[str], error: type[VocabServerError]
) -> None:
    with pytest.raises(error):
        run(data, "user", "add", *arguments, given="short\n")
    assert listed(data) == []


def test_an_unknown_role_is_wrong_use(data: Path) -> None:
    done = run(data, "user", "add", "anna", "--role", "king")
    assert done.exit_code == 2
    assert "administrator" in done.stderr


def test_users_are_listed_and_changed(data: Path) -> None:
    for name, role in (("root", "administrator"), ("anna", "publisher")):
        run(data, "user", "add", name, "--role", role, "--password-stdin", given=make_password())
    change = ("user", "change", "anna")
    run(data, *change, "--give", "publisher", "--catalog", "malmo", "--display-name", "Anna Å")
    run(data, *change, "--take", "publisher")
    run(data, *change, "--not-active")
    [anna, root] = listed(data)
    assert (anna["name"], anna["displayName"], anna["active"]) == ("anna", "Anna Å", False)
    assert (anna["roles"], root["roles"]) == (["publisher malmo"], ["administrator"])
    assert "anna  publisher malmo  (not active)" in run(data, "user", "list").stdout
    run(data, *change, "--active", "--password-stdin", given=f"{PASSWORD}\n")
    assert check_sign_in(database(data), "anna", PASSWORD, "").is_active  # type: ignore[arg-type]
    with pytest.raises(AccountRuleError, match="last administrator"):
        run(data, "user", "change", "root", "--take", "administrator")
    with pytest.raises(NotFoundError, match="no account 'nobody'"):
        run(data, "user", "change", "nobody", "--give", "editor")


def test_a_token_is_printed_alone_and_revoked_by_its_number(data: Path) -> None:
    run(data, "user", "add", "root", "--role", "administrator")
    done = run(data, "token", "create", "root", "--scope", "edit-drafts", "--days", "7")
    token = done.stdout.strip()
    assert done.stdout == f"{token}\n"
    found = find_token(database(data), token)  # type: ignore[arg-type]
    assert found
    assert found.may(Permission.EDIT_DRAFTS)
    assert not found.may(Permission.PUBLISH)
    assert "1  until " in run(data, "token", "list", "root").stdout
    run(data, "token", "revoke", "root", "1")
    assert find_token(database(data), token) is None  # type: ignore[arg-type]
    assert "1  revoked" in run(data, "token", "list", "root").stdout
    with pytest.raises(NotFoundError):
        run(data, "token", "revoke", "root", "2")


@pytest.mark.parametrize("wrong", [["--days", "0"], ["--days", "367"], ["--scope", "king"]])
def test_a_token_that_cannot_be_is_wrong_use(data: Path, wrong: list[str]) -> None:
    run(data, "user", "add", "root", "--role", "administrator")
    assert run(data, "token", "create", "root", *wrong).exit_code == 2


def test_secrets_are_not_shown_among_the_settings(data: Path) -> None:
    environ = {"VOCAB_SERVER_SECRET_KEY": "k" * 40, "VOCAB_SERVER_OPENID_CLIENT_SECRET": "hidden"}
    shown = subprocess.run(
        [sys.executable, "-m", "vocab_server", "config", "show"],
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "VOCAB_SERVER_SECRET_KEY=(set)" in shown
    assert "VOCAB_SERVER_OPENID_CLIENT_SECRET=(set)" in shown
    assert "kkk" not in shown
    assert "hidden" not in shown
