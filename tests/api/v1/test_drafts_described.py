"""What is described of drafts is what is answered to who may do everything."""

import pytest
import schemathesis
from flask import Flask
from hypothesis import given

from tests.api.test_openapi import CHECKS, MADE_UP
from tests.api.v1.test_drafts import MOVE, app, open_draft, program  # noqa: F401  (a fixture)
from vocab_server.api.v1.calls import Operation
from vocab_server.api.v1.draft_calls import DRAFT_OPERATIONS


@pytest.mark.parametrize("found", DRAFT_OPERATIONS, ids=lambda found: found.name)
def test_what_is_answered_is_what_is_described(app: Flask, found: Operation) -> None:  # noqa: F811
    described = schemathesis.openapi.from_wsgi("/openapi.json", app)
    cleo = program(app, "cleo")
    path, draft = open_draft(cleo)
    cleo.post(f"{path}/changes", MOVE)
    cleo.post(f"{path}/comments", {"text": "Look"})
    numbers = {"id": draft["id"] if "/drafts/{id}" in found.path else "water", "position": 1}

    @MADE_UP
    @given(described[f"/api/v1{found.path}"][found.method].as_strategy())
    def ask(case: schemathesis.Case) -> None:
        case.headers.pop("If-Match", None)  # nothing made up is ever the tag
        case.path_parameters |= {name: numbers[name] for name in case.path_parameters}
        case.call_and_validate(checks=list(CHECKS), headers=cleo.headers)

    ask()
