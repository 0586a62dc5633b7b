"""A known_hosts file of SSH: which keys it holds for a server, and what to tell of a key that it does not hold."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin.errors import DeliveryError

SSH_PORT = 22
_REVOKED = "@revoked"
_RSA = "ssh-rsa"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKey:
    """A line of the file that is about the server."""

    key: Any
    """paramiko's PKey."""
    line: int
    """Its number, from 1."""
    is_revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHosts:
    """What the file holds of one server."""

    where: str
    """How messages begin: the delivery and its server."""
    path: Path
    host: str
    port: int
    lines: tuple[HostKey, ...] = ()
    is_there: bool = True

    @property
    def trusted(self) -> list[Any]:
        """Keys of the server; one that is also revoked is not among them."""
        revoked = [one.key for one in self.lines if one.is_revoked]
        return [one.key for one in self.lines if not one.is_revoked and one.key not in revoked]

    def fault_of(self, key: Any) -> DeliveryError | None:
        """
        Why the server must not be trusted that shows this key; None when it may be.

        No message gives a command that takes the shown key without a person who compares it.
        """
        if key in self.trusted:
            return None
        revoked = [one for one in self.lines if one.is_revoked and one.key == key]
        if revoked:
            return self._fault(
                f"its host key {_print(key)} is marked @revoked in {self.path}, line {revoked[0].line}: whoever "
                "shows it may be an attacker. Nothing was sent; ask the server's operator for its new key"
            )
        return self._changed(key) if self.trusted else self._unknown(key)

    def _changed(self, key: Any) -> DeliveryError:
        trusted = self.trusted
        old = [one for one in self.lines if one.key in trusted and not one.is_revoked]
        old.sort(key=lambda one: one.key.get_name() != key.get_name())
        numbers = sorted(one.line for one in old)
        lines = f"line{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"
        return self._fault(
            f"WARNING: the server's host key has CHANGED. It was {_print(old[0].key)} ({self.path}, line "
            f"{old[0].line}); it is now {_print(key)}. Somebody may be intercepting the connection "
            "(man-in-the-middle attack); nothing was sent. Ask the server's operator to confirm the new "
            f"fingerprint; only then delete {lines} of that file, and `bulletin check` tells how to add the new key"
        )

    def _unknown(self, key: Any) -> DeliveryError:
        why = "does not hold its key" if self.is_there else "is not there"
        kind = key.get_name()
        file = f"/etc/ssh/ssh_host_{kind.removeprefix('ssh-').partition('-')[0]}_key.pub"
        algorithm = "rsa-sha2-512" if kind == _RSA else kind
        options = ("-o", f"UserKnownHostsFile={self.path}", "-o", f"HostKeyAlgorithms={algorithm}")
        command = shlex.join(("ssh", "-p", str(self.port), *options, self.host))
        return self._fault(
            f"the server is not known: {self.path} {why}. It shows {_print(key)}: compare this with what its operator "
            f"says (`ssh-keygen -lf {file}` there), then add it by `{command}`, which asks first"
        )

    def _fault(self, message: str) -> DeliveryError:
        return DeliveryError(f"{self.where}: {message}", is_lasting=True)


def read_known_hosts(paramiko: Any, path: Path, *, host: str, port: int, where: str) -> KnownHosts:
    """
    Read what the file holds of the server, its names hashed or not.

    Line by line, as ssh does: any of several keys will do, one that is revoked never does, and a line that is
    damaged or of a kind unknown here hides no other. Raises DeliveryError when the file cannot be read.
    """
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return KnownHosts(where=where, path=path, host=host, port=port, is_there=False)
    except OSError as error:
        raise DeliveryError(
            f"{where}: {path} cannot be read ({error.strerror or error}); let this user read it, or correct "
            "known_hosts",
            is_lasting=True,
        ) from error
    name = host if port == SSH_PORT else f"[{host}]:{port}"
    found = []
    for number, line in enumerate(map(str.strip, lines), 1):
        entry = None
        with suppress(paramiko.SSHException, paramiko.hostkeys.InvalidHostKey):
            if not line.startswith("#"):
                entry = paramiko.hostkeys.HostKeyEntry.from_line(line.removeprefix(_REVOKED).strip())
        if entry is None:
            continue
        keys = paramiko.HostKeys()
        for one in entry.hostnames:
            keys.add(one, entry.key.get_name(), entry.key)
        if keys.check(name, entry.key):
            found.append(HostKey(key=entry.key, line=number, is_revoked=line.startswith(_REVOKED)))
    return KnownHosts(where=where, path=path, host=host, port=port, lines=tuple(found))


def kinds_of(keys: Sequence[Any]) -> frozenset[str]:
    """Names of signature algorithms by which a server proves that it has one of the keys."""
    kinds = {key.get_name() for key in keys}
    return frozenset(kinds | ({"rsa-sha2-256", "rsa-sha2-512"} if _RSA in kinds else set()))


def _print(key: Any) -> str:
    return f"{key.get_name()} {key.fingerprint}"
