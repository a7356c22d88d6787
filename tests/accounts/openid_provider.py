"""A small real OpenID provider on this computer: discovery, sign-in page, tokens, keys, and ways to cheat."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "warm-handoff", "s3cret-of-the-client"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGERS_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)

Claims = dict[str, Any]


@dataclass
class OpenID:
    """The provider: whom it signs in, and what it does wrong where a test wants that."""

    address: str = ""
    claims: Claims = field(default_factory=dict)
    change: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Claims], str] = lambda claims: signed(claims)
    issuer: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    is_down: bool = False

    def discovery(self) -> dict[str, Any]:
        """Return what the provider says of itself."""
        return {
            "issuer": self.issuer or self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Sign the person in, and return where the browser goes with the code."""
        self.asked.append(asked)
        code = f"code-{len(self.asked)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, str] | None:
        """Change a code for tokens, once, for whoever has the secret and the verifier of the challenge."""
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if asked is None or not right or asked.get("code_challenge") != challenge:
            return None
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        return {
            "access_token": "an-access-token",
            "token_type": "Bearer",
            "id_token": self.sign(self.change(claims | self.claims)),
        }


def signed(claims: Claims, key: Any = KEY, **header: Any) -> str:
    """Return an ID token signed with RS256."""
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "one"} | header)


def public_keys() -> dict[str, Any]:
    """Return the provider's public key as it is published."""
    key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
    return {"keys": [key | {"kid": "one", "alg": "RS256", "use": "sig"}]}


@contextmanager
def serving() -> Iterator[OpenID]:
    """Serve a provider on the loopback address."""
    provider = OpenID()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            match parts.path:
                case _ if provider.is_down:
                    self.send_error(503)
                case "/.well-known/openid-configuration":
                    self.answer(provider.discovery())
                case "/keys":
                    self.answer(public_keys())
                case "/authorize":
                    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(asked))
                    self.end_headers()
                case _:
                    self.send_error(404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            found = provider.token(form)
            self.answer(found or {"error": "invalid_grant"}, 200 if found else 400)

        def answer(self, document: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
