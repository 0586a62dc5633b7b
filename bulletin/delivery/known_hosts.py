"""known_hosts file of SSH -> keys of a server, and the message about a key that is not among them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin.delivery.delivery_interface import LastingError

SSH_PORT = 22
_REVOKED = "@revoked"
_RSA = "ssh-rsa"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKey:
    """Line of the file about the server."""

    key: Any
    """paramiko's PKey."""
    line: int
    """Line number, from 1."""
    is_revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHosts:
    """Lines of the file about one server."""

    where: str
    """Beginning of messages: the delivery and its server."""
    path: Path
    host: str
    port: int
    lines: tuple[HostKey, ...] = ()

    @property
    def trusted(self) -> list[Any]:
        """The server's keys without revoked ones."""
        revoked = [line.key for line in self.lines if line.is_revoked]
        return [line.key for line in self.lines if not line.is_revoked and line.key not in revoked]

    def check(self, key: Any) -> None:
        """
        Raise DeliveryError, with the reason, when a server that shows this key is not to be trusted.

        No message gives a command that adds the shown key before a person has compared it.
        """
        trusted = self.trusted
        if key not in trusted:
            revoked = [line for line in self.lines if line.is_revoked and line.key == key]
            describe = self._revoked if revoked else self._changed if trusted else self._unknown
            raise LastingError(f"{self.where}: {describe(key)}")

    def _revoked(self, key: Any) -> str:
        line = next(line.line for line in self.lines if line.is_revoked and line.key == key)
        return (
            f"its host key {_print(key)} is marked @revoked in {self.path}, line {line}: a server that "
            "shows it may be an attacker's. Nothing was sent; ask the server's operator for its new key"
        )

    def _changed(self, key: Any) -> str:
        trusted = self.trusted
        old = [line for line in self.lines if line.key in trusted and not line.is_revoked]
        numbers = [line.line for line in old]
        lines = f"line{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"
        old.sort(key=lambda line: line.key.get_name() != key.get_name())
        return (
            f"WARNING: the server's host key has CHANGED. It was {_print(old[0].key)} ({self.path}, line "
            f"{old[0].line}); it is now {_print(key)}. An attacker may be intercepting the connection "
            "(man-in-the-middle attack); nothing was sent. Ask the server's operator to confirm the new "
            f"fingerprint; only then delete {lines} of that file, and `bulletin check` shows how to add the new key"
        )

    def _unknown(self, key: Any) -> str:
        why = "does not hold its key" if self.path.exists() else "does not exist"
        kind = key.get_name()
        file = f"/etc/ssh/ssh_host_{kind.removeprefix('ssh-').partition('-')[0]}_key.pub"
        algorithm = "rsa-sha2-512" if kind == _RSA else kind
        options = ("-o", f"UserKnownHostsFile={self.path}", "-o", f"HostKeyAlgorithms={algorithm}")
        command = shlex.join(("ssh", "-p", str(self.port), *options, self.host))
        return (
            f"the server is not known: {self.path} {why}. It shows {_print(key)}: compare this with the fingerprint that its "
            f"operator reads (`ssh-keygen -lf {file}` there), then add it by `{command}`, which asks first"
        )


def read_known_hosts(paramiko: Any, path: Path, *, host: str, port: int, where: str) -> KnownHosts:
    """
    Read the lines about the server, its names hashed or not.

    Line by line, as ssh does: one of several keys is enough, a revoked one never is, and a damaged line or a key of
    an unknown kind hides no other. Raises DeliveryError when the file cannot be read.
    """
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        lines = []
    except OSError as error:
        raise LastingError(
            f"{where}: {path} cannot be read ({error.strerror or error}); let this user read it, or correct "
            "known_hosts"
        ) from error
    name = host if port == SSH_PORT else f"[{host}]:{port}"
    entries = []
    for number, line in enumerate(map(str.strip, lines), 1):
        entry = None
        with suppress(paramiko.SSHException, paramiko.hostkeys.InvalidHostKey):
            if not line.startswith("#"):
                entry = paramiko.hostkeys.HostKeyEntry.from_line(line.removeprefix(_REVOKED).strip())
        if entry is None:
            continue
        keys = paramiko.HostKeys()
        for pattern in entry.hostnames:
            keys.add(pattern, entry.key.get_name(), entry.key)
        if keys.check(name, entry.key):
            entries.append(HostKey(key=entry.key, line=number, is_revoked=line.startswith(_REVOKED)))
    return KnownHosts(where=where, path=path, host=host, port=port, lines=tuple(entries))


def signature_algorithms(keys: Sequence[Any]) -> frozenset[str]:
    """Names of the signature algorithms by which a server proves that it has one of the keys."""
    kinds = {key.get_name() for key in keys}
    return frozenset(kinds | ({"rsa-sha2-256", "rsa-sha2-512"} if _RSA in kinds else set()))


def _print(key: Any) -> str:
    return f"{key.get_name()} {key.fingerprint}"
