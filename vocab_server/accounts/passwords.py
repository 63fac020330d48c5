"""Passwords: what is a good one, and the hash that is kept of it.

Lengths and the missing rules about signs are those of NIST SP 800-63B and OWASP ASVS 5.0, 6.2; the
hash is argon2id with the second recommended parameters of RFC 9106, 4.
"""

import re
import secrets
import string
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from vocab_server.accounts.rules import Rule, broken

SHORTEST = 12  # characters
LONGEST = 256  # characters; hashing takes longer for more
STRONG = 3  # of zxcvbn's 0 to 4: "safely unguessable", more than 10^8 guesses
CONSIDERED = 72  # characters that zxcvbn looks at
AT_ONCE = 2  # hashes computed at a time in one process; each takes 64 MiB
MADE = 24  # characters of a password that we make
READABLE = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))

# The hash of a password that nobody knows, with the parameters below: what is tried for an account
# that does not exist, so that the answer takes as long.
NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$EbC2bjuv3tTlpju0Xggk+Q"
    "$nB8+34LgznC3h57szEuj8Dnh/v01oK2B63/BBwc7718"
)
_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_ROOM = BoundedSemaphore(AT_ONCE)


def check_password(password: str, *words: str) -> None:
    """Refuse what is easy to guess; ``words`` are what others know of its owner.

    Raises AccountRuleError.
    """
    if len(password) < SHORTEST:
        raise broken(Rule.PASSWORD_SHORT, f"A password needs at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise broken(Rule.PASSWORD_LONG, f"A password has at most {LONGEST} characters.")
    # Not with the others: its lists of words take 12 MB that most processes never use.
    from zxcvbn import zxcvbn

    known = ["vocab-server", *(part for word in words for part in (word, *_parts(word)) if part)]
    score = zxcvbn(password[:CONSIDERED], user_inputs=known)["score"]
    if score < STRONG or len(_without(password, known)) < SHORTEST // 2:
        raise broken(Rule.PASSWORD_EASY, "This password is easy to guess; take several words.")


def _parts(text: str) -> list[str]:
    return re.split(r"\W+", text)


def _without(password: str, words: list[str]) -> str:
    """What is left of a password without the words that others know, spaces left out."""
    rest = password.lower()
    for word in sorted((word.lower() for word in words if len(word) > 2), key=len, reverse=True):
        rest = rest.replace(word, "")
    return "".join(rest.split())


def hash_password(password: str) -> str:
    """What is kept of a password: 0.3 s of work on purpose."""
    with _ROOM:
        return _HASHER.hash(password)


def is_right(password: str, kept: str) -> bool:
    """Whether a password is the one; takes as long when nothing is kept, and is then no."""
    with _ROOM:
        try:
            fits = _HASHER.verify(kept or NOBODY, password[:LONGEST])
            return fits and bool(kept) and len(password) <= LONGEST
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(kept)


def make_password() -> str:
    """A random password that can be read out: 24 signs, 139 bits."""
    return "".join(secrets.choice(READABLE) for _ in range(MADE))
