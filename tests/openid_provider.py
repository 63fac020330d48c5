"""An OpenID provider of its own process: discovery, code flow with PKCE, signed ID tokens.

Made with the server side of Authlib, so that our client talks to a real provider. Who asks is
signed in as whom the form says, or ``login_hint``. Faults can be switched on over HTTP: what a
provider that is broken, or was broken into, would answer.

    python -m tests.openid_provider PORT CLIENT_ID CLIENT_SECRET REDIRECT_URI
"""

import json
import logging
import os
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

FORM = """<!doctype html><title>Provider</title><form method="post">
<label>Who are you? <input name="as"></label><button>Go on</button></form>"""
LONG_AGO = {"iat": 1_000_000_000, "exp": 1_000_003_600}
PEOPLE: dict[str, dict[str, Any]] = {
    "alva": {"name": "Alva Ström", "email": "alva@provider.example", "email_verified": True},
    "boris": {"name": "Boris", "email": "admin@victim.example", "email_verified": False},
}


@dataclass
class Client(ClientMixin):  # type: ignore[misc]  # authlib has no types
    """The one client that the provider knows."""

    client_id: str
    secret: str
    redirect_uri: str

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == self.secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code:
    """A code that was given out, with all that it is bound to."""

    code: str
    client_id: str
    redirect_uri: str
    scope: str
    nonce: str
    user: str
    code_challenge: str | None
    code_challenge_method: str | None
    auth_time: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Provider:
    """What a provider keeps: its key, the codes that are out, and the faults it has."""

    def __init__(self, issuer: str, client: Client) -> None:
        self.issuer, self.client = issuer, client
        self.key = RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)
        self.codes: dict[str, Code] = {}
        self.faults: set[str] = set()

    def called(self) -> str:
        """What statements say who made them."""
        return "https://evil.example" if "issuer" in self.faults else self.issuer

    def meant_for(self) -> str:
        """For which client statements say they are."""
        return "somebody-else" if "audience" in self.faults else self.client.client_id

    def signing_key(self) -> RSAKey:
        """The key; with the fault another one, which claims to be it."""
        if "signature" not in self.faults:
            return self.key
        return RSAKey.generate_key(2048, {"use": "sig", "kid": self.key.kid})


def code_grant(provider: Provider) -> type[grants.AuthorizationCodeGrant]:
    """Codes, each good once (RFC 6749, 4.1)."""

    class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, request: Any) -> None:
            said = request.payload.data
            provider.codes[code] = Code(
                code,
                request.client.client_id,
                request.payload.redirect_uri,
                request.payload.scope,
                said.get("nonce", ""),
                request.user,
                said.get("code_challenge"),
                said.get("code_challenge_method"),
            )

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            del provider.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> str:
            return authorization_code.user

    return CodeGrant


def id_tokens(provider: Provider) -> OpenIDCode:
    """Signed statements of who it is (OpenID Connect Core 1.0, 2)."""

    class IdTokens(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return False

        def resolve_client_private_key(self, client: Client) -> RSAKey:
            return provider.signing_key()

        def get_client_algorithm(self, client: Client) -> str:
            return "RS256"

        def get_client_claims(self, client: Client) -> dict[str, Any]:
            return {"iss": provider.called(), "aud": [provider.meant_for()]}

        def generate_user_info(self, user: str, scope: str) -> UserInfo:
            return UserInfo(
                {"sub": f"id-of-{user}", "preferred_username": user, **PEOPLE.get(user, {})}
            )

        def get_compatible_claims(self, request: Any) -> dict[str, Any]:
            claims = dict(super().get_compatible_claims(request))
            return claims | (LONG_AGO if "expired" in provider.faults else {})

        def get_authorization_code_claims(self, code: Code) -> dict[str, Any]:
            claims = dict(super().get_authorization_code_claims(code))
            return claims | ({"nonce": "replayed"} if "nonce" in provider.faults else {})

    return IdTokens()


def make_provider(issuer: str, client: Client) -> Flask:
    """The provider as an application."""
    app = Flask(__name__)
    provider = Provider(issuer, client)
    server = AuthorizationServer(
        app,
        query_client=lambda name: client if name == client.client_id else None,
        save_token=lambda token, request: None,
    )
    server.register_grant(code_grant(provider), [id_tokens(provider), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def discovery() -> ResponseReturnValue:
        called = "https://evil.example" if "name" in provider.faults else issuer
        return jsonify(
            issuer=called,
            authorization_endpoint=f"{issuer}/authorize",
            token_endpoint=f"{issuer}/token",
            jwks_uri=f"{issuer}/keys",
            response_types_supported=["code"],
            subject_types_supported=["public"],
            id_token_signing_alg_values_supported=["RS256"],
            code_challenge_methods_supported=["S256"],
        )

    @app.get("/keys")
    def keys() -> ResponseReturnValue:
        return jsonify(keys=[provider.key.as_dict(private=False)])

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> ResponseReturnValue:
        who = request.form.get("as") or request.args.get("login_hint")
        if request.method == "GET" and not who:
            return FORM
        grant = server.get_consent_grant(end_user=who)
        answer: ResponseReturnValue = server.create_authorization_response(
            grant_user=who or None, grant=grant
        )
        return answer

    @app.post("/token")
    def token() -> ResponseReturnValue:
        if "down" in provider.faults:
            return "down", 503
        answer: ResponseReturnValue = server.create_token_response()
        return answer

    @app.put("/faults")
    def set_faults() -> ResponseReturnValue:
        provider.faults = set(json.loads(request.data))
        return "", 204

    return app


def main(port: int, client_id: str, secret: str, redirect_uri: str) -> None:
    """Serve until killed."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain HTTP, on this machine only
    app = make_provider(f"http://127.0.0.1:{port}", Client(client_id, secret, redirect_uri))
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:5])
