"""SFTP against OpenSSH: which servers are known, which keys are taken, and that files change in one step."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.delivery.targets.sftp import Sftp
from bulletin.errors import DeliveryError
from tests.delivery.targets.test_targets_uploads import LIST, pytestmark
from tests.support.delivery_servers.base import PASSWORD
from tests.support.delivery_servers.make import make_server
from tests.support.delivery_servers.old_ssh import OldSsh
from tests.support.delivery_servers.ssh import SshServer, make_key
from tests.support.public_station import House

__all__ = ["pytestmark"]

KINDS = ("ed25519", "rsa", "ecdsa")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    """One with a key of every kind; no test changes what it is."""
    make_server("sftp", tmp_path_factory.mktemp("first"))  # or skips
    server = SshServer(tmp_path_factory.mktemp("sftp") / "far" / "root", kinds=KINDS)
    server.start()
    yield server
    server.stop()


def known(server: SshServer, path: Path, *lines: str) -> dict[str, str]:
    """A known_hosts of these lines, in which HOST is the server's name."""
    path.write_text("".join(line.replace("HOST", f"[127.0.0.1]:{server.port}") + "\n" for line in lines))
    return {"known_hosts": str(path)}


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_server_with_many_keys_one_that_is_known_will_do(
    server: SshServer, tmp_path: Path, kind: str
) -> None:
    server.delivery(**known(server, tmp_path / "known", f"HOST {server.host_key(kind)}")).check()


def test_hashed_names_are_known(server: SshServer, tmp_path: Path) -> None:
    told = known(server, tmp_path / "known", f"HOST,elsewhere.example {server.host_key()} a comment")
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", tmp_path / "known"], check=True, capture_output=True)
    assert "127.0.0.1" not in (tmp_path / "known").read_text()

    server.delivery(**told).check()


def fingerprint(path: Path) -> str:
    """As ssh-keygen says it: "SHA256:..."."""
    told = subprocess.run(["ssh-keygen", "-lf", path], check=True, capture_output=True, text=True)
    return told.stdout.split()[1]


def test_a_changed_key_is_told_with_both_fingerprints_and_no_command_that_takes_it(
    server: SshServer, tmp_path: Path
) -> None:
    old = (server.etc / "other.pub").read_text().strip()
    told = known(
        server, tmp_path / "known", "# ours", f"elsewhere.example {server.host_key()}", f"HOST {old}"
    )

    with pytest.raises(DeliveryError) as caught:
        server.delivery(**told).check()

    message = str(caught.value)
    was, now = fingerprint(server.etc / "other.pub"), fingerprint(server.etc / "host-ed25519.pub")
    assert (
        f"WARNING: the server's host key has CHANGED. It was ssh-ed25519 {was} ({tmp_path}/known, line 3)"
        in (message)
    )
    assert f"it is now ssh-ed25519 {now}" in message
    assert "man-in-the-middle attack" in message
    assert "Ask the server's operator to confirm the new fingerprint; only then delete line 3" in message
    assert "keyscan" not in message
    assert "ssh -" not in message
    assert caught.value.is_lasting


def test_a_server_that_has_no_key_of_the_known_kind_any_more_has_changed(tmp_path: Path) -> None:
    make_server("sftp", tmp_path / "first")  # or skips
    server = SshServer(tmp_path / "rsa" / "far" / "root", kinds=("rsa",))
    server.start()
    try:
        old = (server.etc / "other.pub").read_text().strip()
        with pytest.raises(DeliveryError, match=r"CHANGED. It was ssh-ed25519 SHA256:.* now ssh-rsa SHA256:"):
            server.delivery(**known(server, tmp_path / "known", f"HOST {old}")).check()
    finally:
        server.stop()


def test_the_remedies_lead_to_a_server_that_is_known_and_ask_a_person_on_the_way(
    server: SshServer, tmp_path: Path
) -> None:
    old = (server.etc / "other.pub").read_text().strip()
    told = known(server, tmp_path / "known", f"HOST {old}")
    (tmp_path / "known").write_text("")  # the line is deleted, as a changed key is told
    now = fingerprint(server.etc / "host-ed25519.pub")
    with pytest.raises(
        DeliveryError, match=rf"not known: .*compare this with .*{re.escape('keygen -lf')}"
    ) as caught:
        server.delivery(**told).check()
    message = str(caught.value)
    assert f"It shows ssh-ed25519 {now}" in message
    command = message.partition("add it by `")[2].partition("`")[0]

    for answer in (fingerprint(server.etc / "other.pub"), now):
        with pytest.raises(DeliveryError, match="the server is not known"):
            server.delivery(**told).check()
        # ssh asks, takes a fingerprint as an answer, and asks again when it is another one
        asked = tmp_path / "asked"
        asked.unlink(missing_ok=True)
        (tmp_path / "ask").write_text(
            f"#!/bin/sh\n[ -e {asked} ] && echo no || echo {answer}\ntouch {asked}\n"
        )
        (tmp_path / "ask").chmod(0o700)
        asks = {"SSH_ASKPASS": str(tmp_path / "ask"), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": "none"}
        subprocess.run(
            [*shlex.split(command), "true"],
            env={**os.environ, **asks},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )

    server.delivery(**told).check()


def test_a_damaged_line_hides_no_other(server: SshServer, tmp_path: Path) -> None:
    told = known(
        server,
        tmp_path / "known",
        "# a comment",
        "",
        "HOST ssh-ed25519 A",
        "HOST ssh-ed25519 AAAA",
        "HOST ssh-dss AAAAB3NzaC1kc3M=",
        "HOST",
        "@cert-authority *.example ssh-ed25519 AAAA",
        f"\tHOST\t{server.host_key()}",
    )
    with (tmp_path / "known").open("ab") as file:
        file.write(b"\xff\xfe\x00 half a line")

    server.delivery(**told).check()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("HOST OTHER",), "host key has CHANGED"),
        (("elsewhere.example KEY",), "does not hold its key"),
        (("127.0.0.1 KEY",), "does not hold its key"),  # that is port 22, and may be another machine
        (
            ("@revoked HOST KEY", "HOST KEY"),
            r"marked @revoked in .*, line 1: a server that shows it may be an attacker's",
        ),
        (("HOST OTHER", "@revoked HOST KEY"), r"marked @revoked in .*, line 2"),
        (("@revoked HOST OTHER",), "does not hold its key"),
        ((), "does not hold its key"),
    ],
)
def test_nobody_logs_in_to_a_server_that_is_not_known(
    server: SshServer, tmp_path: Path, lines: tuple[str, ...], message: str
) -> None:
    other = (server.etc / "other.pub").read_text().strip()
    told = known(
        server,
        tmp_path / "known",
        *(line.replace("KEY", server.host_key()).replace("OTHER", other) for line in lines),
    )
    before = server.read_log()

    with pytest.raises(DeliveryError, match=message) as caught:
        server.delivery(**told).check()

    assert caught.value.is_lasting
    since = server.read_log().removeprefix(before)
    assert "publickey" not in since, since


@pytest.mark.parametrize(
    ("kind", "form", "password"),
    [
        ("ed25519", "RFC4716", ""),
        ("ed25519", "RFC4716", "of the key"),
        ("rsa", "RFC4716", "of the key"),
        ("rsa", "PEM", ""),
        ("rsa", "PEM", "of the key"),
        ("ecdsa", "PEM", ""),
    ],
)
def test_a_key_of_every_kind_logs_in(
    server: SshServer, tmp_path: Path, kind: str, form: str, password: str
) -> None:
    key = make_key(tmp_path / "key", kind, form=form, password=password)
    with server.authorized.open("a") as file:
        file.write((tmp_path / "key.pub").read_text())

    server.delivery(key_file=str(key), key_password=password).check()
    if password:
        for wrong in ("", "another"):
            with pytest.raises(DeliveryError, match="correct key_file or key_password") as caught:
                server.delivery(key_file=str(key), key_password=wrong).check()
            assert caught.value.is_lasting
            assert password not in str(caught.value)


def test_a_server_that_takes_the_call_and_says_nothing_is_told(server: SshServer, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        known_hosts = tmp_path / "known_hosts"
        known_hosts.write_text(f"[127.0.0.1]:{port} {server.host_key()}\n")
        delivery = server.delivery(port=port, known_hosts=str(known_hosts), timeout_s=1.0)
        with pytest.raises(DeliveryError, match=r"no answer within 1 s; is the server up"):
            delivery.check()


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"])
def test_a_file_that_is_no_key_is_told(server: SshServer, tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text)

    with pytest.raises(DeliveryError, match="no private key can be read there"):
        server.delivery(key_file=str(tmp_path / "key")).check()


def test_without_a_key_the_agent_and_the_users_own_keys_are_asked(
    server: SshServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    plain = {"key_file": ""}
    with pytest.raises(DeliveryError, match=r"refuses the login \(no password, no key_file") as caught:
        server.delivery(**plain).check()
    assert caught.value.is_lasting

    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "id_ed25519").write_bytes((server.etc / "user").read_bytes())
    server.delivery(**plain).check()

    (tmp_path / ".ssh" / "id_ed25519").unlink()
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", tmp_path / "agent"], stdout=subprocess.DEVNULL)
    try:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
        while not (tmp_path / "agent").exists():
            assert agent.poll() is None
        subprocess.run(["ssh-add", "-q", server.etc / "user"], check=True)
        server.delivery(**plain).check()
    finally:
        agent.terminate()
        agent.wait()


def test_who_reads_there_never_finds_the_file_missing_or_half(house: House, server: SshServer) -> None:
    house.audio_bytes = 500_000
    whole, seen, over = set(), set(), threading.Event()
    path = server.root / "fm.wav"

    def poll() -> None:
        while not over.is_set():
            seen.add(path.read_bytes())

    house.publish(1)
    server.delivery().publish(house.parcel())
    whole.add(path.read_bytes())
    reader = threading.Thread(target=poll)
    reader.start()
    try:
        for number in (2, 3, 4):
            house.publish(number)
            whole.add((house.folder / "fm.wav").read_bytes())
            server.delivery().publish(house.parcel())
    finally:
        over.set()
        reader.join()

    assert len(seen) > 1
    assert seen <= whole, "it was missing (the reader died), or half"
    assert set(os.listdir(server.root)) == {"fm.wav", "fm.json", LIST}  # noqa: PTH208


def test_the_list_there_has_nothing_deleted_elsewhere(house: House, server: SshServer) -> None:
    """Whoever may write that folder could else have our login delete what they may not."""
    folder, dear = server.root / "in", server.root / "dear"
    delivery = server.delivery(folder=str(folder))
    house.publish(1)
    delivery.publish(house.parcel())
    listed = json.loads((folder / LIST).read_text())
    past = listed["files"]["fm.wav"] | {"until": "2020-01-01T00:00:00+00:00"}
    listed["files"] |= {"../dear": past, str(dear): past, "old.wav": past}
    (folder / LIST).write_text(json.dumps(listed))
    dear.write_text("keep me")
    (folder / "old.wav").write_text("old")
    house.publish(2)

    delivery.publish(house.parcel())

    assert dear.read_text() == "keep me"
    assert {path.name for path in folder.iterdir()} == {"fm.wav", "fm.json", LIST}


@pytest.fixture
def old(server: SshServer, tmp_path: Path) -> Iterator[OldSsh]:
    root = tmp_path / "old"
    root.mkdir()
    old = OldSsh(root, server.etc / "host-ed25519")
    (tmp_path / "known-old").write_text(old.known)
    yield old
    old.stop()


def place_at(old: OldSsh, tmp_path: Path, **changes: str) -> Sftp:
    given = {"user": "radio", "password": PASSWORD, "folder": "/", "known_hosts": str(tmp_path / "known-old")}
    return Sftp(name="far", host="127.0.0.1", port=old.port, timeout_s=5.0, **(given | changes))


def test_a_server_without_posix_rename_gets_the_new_file_in_place_of_the_old(
    house: House, old: OldSsh, tmp_path: Path
) -> None:
    for number in (1, 2):
        house.publish(number)
        place_at(old, tmp_path).publish(house.parcel())

        assert (old.root / "fm.wav").read_bytes() == (house.folder / "fm.wav").read_bytes()
        assert {path.name for path in old.root.iterdir()} == {"fm.wav", "fm.json", LIST}
    with pytest.raises(DeliveryError, match=r"refuses the login \(Authentication failed.*correct user"):
        place_at(old, tmp_path, password="wrong").check()


def test_home_is_where_the_login_leads(house: House, old: OldSsh, tmp_path: Path) -> None:
    house.publish(1)
    for folder in ("~", "~/news/wexcombe"):
        place_at(old, tmp_path, folder=folder).publish(house.parcel())

    assert {path.name for path in old.root.iterdir()} == {"fm.wav", "fm.json", LIST, "news"}
    assert (old.root / "news" / "wexcombe" / "fm.wav").is_file()


def test_a_server_that_renames_nothing_keeps_the_old_file(house: House, old: OldSsh, tmp_path: Path) -> None:
    house.publish(1)
    place_at(old, tmp_path).publish(house.parcel())
    before = (old.root / "fm.wav").read_bytes()
    house.publish(2)
    old.refuses = "rename"
    with pytest.raises(DeliveryError, match="folder right"):
        place_at(old, tmp_path).publish(house.parcel())
    assert (old.root / "fm.wav").read_bytes() == before

    old.refuses = ""
    place_at(old, tmp_path).publish(house.parcel())
    assert (old.root / "fm.wav").read_bytes() == (house.folder / "fm.wav").read_bytes() != before
    assert {path.name for path in old.root.iterdir()} == {"fm.wav", "fm.json", LIST}
