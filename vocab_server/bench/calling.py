"""Calls of our REST API with a token, timed."""

import http.client
import json
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from vocab_server.accounts.account import OPERATOR
from vocab_server.accounts.register import add_account
from vocab_server.accounts.roles import Grant, Role
from vocab_server.accounts.tokens import create_token
from vocab_server.bench.client import HOST, TIMEOUT
from vocab_server.errors import VocabServerError
from vocab_server.services import Services

GOOD = (HTTPStatus.OK, HTTPStatus.CREATED)


def new_token(services: Services, name: str) -> str:
    """A token of a new account that may do everything."""
    grants = frozenset({Grant(Role.ADMINISTRATOR)})
    account = add_account(services.database, OPERATOR, name, grants=grants)
    text, _made = create_token(services.database, OPERATOR, account, scopes=("write",))
    return text


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call was answered, and after how many milliseconds."""

    status: int
    content: Any
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a token at the server on a port."""

    port: int
    token: str

    def call(
        self, method: str, path: str, body: object = None, good: Sequence[int] = GOOD
    ) -> Answer:
        """Ask for something, over a connection of its own.

        Raises VocabServerError for an answer with another status than those that are ``good``.
        """
        headers = {"Authorization": f"Bearer {self.token}"}
        content = None
        if body is not None:
            headers["Content-Type"], content = "application/json", json.dumps(body)
        with closing(http.client.HTTPConnection(HOST, self.port, timeout=TIMEOUT)) as connection:
            start = time.perf_counter()
            connection.request(method, path, content, headers)
            answer = connection.getresponse()
            data = answer.read()
            taken = (time.perf_counter() - start) * 1000
        if answer.status not in good:
            raise VocabServerError(f"{path} answers {answer.status}: {data[:500].decode()}")
        return Answer(answer.status, json.loads(data) if data else None, taken)
