"""Random secrets, and the one key that sessions are signed with."""

import hashlib
import os
import secrets
from pathlib import Path

from vocab_server.config import SHORTEST_KEY
from vocab_server.errors import InvalidError

FILE = "secret-key"  # in the data directory, for its owner only


def make_secret() -> str:
    """43 signs of an address, 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """What is kept of a random secret; it needs no salt and no slow hash, for nobody can guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def session_key(chosen: str, data: Path) -> str:
    """The key that sessions are signed with: the operator's, else one made once and kept.

    Several processes may ask at the same time: all get the same. Raises InvalidError for a key
    that is too short, and for a kept one that others may read.
    """
    if chosen:
        return _checked(chosen)
    path = data / FILE
    if not path.exists():
        _keep(path, make_secret())
    if path.stat().st_mode & 0o077:
        raise InvalidError("%(path)s can be read by others. Run: chmod 600 %(path)s", path=path)
    return _checked(path.read_text("ascii").strip())


def _checked(key: str) -> str:
    if len(key) < SHORTEST_KEY:
        raise InvalidError(
            "VOCAB_SERVER_SECRET_KEY needs at least %(least)s characters.",
            least=SHORTEST_KEY,
        )
    return key


def _keep(path: Path, key: str) -> None:
    """Put the key there, whole from the first moment, unless somebody was faster."""
    draft = path.with_name(f"{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    with open(draft, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(f"{key}\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
