"""Passwords and their argon2id hashes; random tokens and their SHA-256."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bulletin.errors import BulletinError
from bulletin.runtime.suggest_install_command import command_for_extra

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 200
"""Characters of a password. NIST SP 800-63B: length counts, not signs of several kinds."""
_BANNED = frozenset(("password", "passwort", "bulletin", "newsroom", "qwertyuiop", "letmein", "1234567890"))
"""A password made of one of these and digits is guessed first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HashCost:
    """Cost of one hash: RFC 9106's second recommendation, which needs 64 MiB, with one thread."""

    passes: int = 3
    memory_kib: int = 64 * 1024
    threads: int = 1


def check_password(password: str, *, user: str) -> str:
    """The password as it is hashed (NFC). Raises BulletinError for one that is too short, too long or guessed first."""
    password = unicodedata.normalize("NFC", password)
    if len(password) < SHORTEST:
        raise BulletinError(
            f"the password has {len(password)} characters; choose one with at least {SHORTEST}, "
            "such as four unusual words"
        )
    if len(password) > LONGEST:
        raise BulletinError(f"the password has {len(password)} characters; choose one with at most {LONGEST}")
    plain = "".join(char for char in password.casefold() if char.isalpha()) or password
    if plain in (*_BANNED, user.casefold()) or len(set(password)) < 4 or password in _BANNED:
        raise BulletinError("that password is guessed first; choose another, such as four unusual words")
    return password


def hash_password(password: str, *, cost: HashCost | None = None) -> str:
    """The argon2id hash, with its cost and salt in it. Raises BulletinError when argon2 is not installed."""
    return _hasher(cost or HashCost()).hash(unicodedata.normalize("NFC", password))


def is_password(password: str, password_hash: str) -> bool:
    """Whether it is the password of that hash; False also for a hash that cannot be read."""
    hasher = _hasher(HashCost())
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return len(password) <= LONGEST and hasher.verify(
            password_hash, unicodedata.normalize("NFC", password)
        )
    except (Argon2Error, InvalidHashError):
        return False


def is_outdated(password_hash: str, *, cost: HashCost | None = None) -> bool:
    """Whether a hash was made with another cost than today's."""
    return _hasher(cost or HashCost()).check_needs_rehash(password_hash)


@lru_cache(maxsize=4)
def decoy_hash(cost: HashCost) -> str:
    """Hash of a random password: a sign-in under an unknown name takes as long as under a known one."""
    return hash_password(secrets.token_urlsafe(), cost=cost)


def new_token() -> str:
    """256 random bits, for a cookie or a header."""
    return secrets.token_urlsafe(32)


def token_sha256(token: str) -> str:
    """What the archive stores of a token. It is random, so a fast hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def form_token(token: str) -> str:
    """The anti-forgery token of a session, which no other session has: derived from the token in the cookie."""
    return hmac.new(token.encode("utf-8", "replace"), b"bulletin newsroom form", hashlib.sha256).hexdigest()


def is_form_token(given: str, token: str) -> bool:
    """Whether a form came from a page of this session; compares in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), form_token(token).encode())


@lru_cache(maxsize=4)
def _hasher(cost: HashCost) -> PasswordHasher:
    try:
        from argon2 import PasswordHasher
    except ImportError as error:
        raise BulletinError(
            f"the newsroom needs argon2, which is not installed; run: {command_for_extra('newsroom')}"
        ) from error
    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.threads)
