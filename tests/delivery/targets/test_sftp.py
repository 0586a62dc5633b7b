"""SFTP to OpenSSH: known hosts, accepted keys, and atomic replacement of files."""

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
    """Shared server with a key of every type; no test changes its settings."""
    make_server("sftp", tmp_path_factory.mktemp("first"))  # skips the test without the server
    server = SshServer(tmp_path_factory.mktemp("sftp") / "far" / "root", kinds=KINDS)
    server.start()
    yield server
    server.stop()


def known(server: SshServer, path: Path, *lines: str) -> dict[str, str]:
    """Options of a delivery whose known_hosts file has these lines; HOST becomes the server's name."""
    path.write_text("".join(line.replace("HOST", f"[127.0.0.1]:{server.port}") + "\n" for line in lines))
    return {"known_hosts": str(path)}


@pytest.mark.parametrize("kind", KINDS)
def test_one_known_key_of_a_server_with_many_is_enough(server: SshServer, tmp_path: Path, kind: str) -> None:
    server.delivery(**known(server, tmp_path / "known", f"HOST {server.host_key(kind)}")).check()


def test_hashed_host_names_in_known_hosts_match(server: SshServer, tmp_path: Path) -> None:
    options = known(server, tmp_path / "known", f"HOST,elsewhere.example {server.host_key()} a comment")
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", tmp_path / "known"], check=True, capture_output=True)
    assert "127.0.0.1" not in (tmp_path / "known").read_text()

    server.delivery(**options).check()


def fingerprint(path: Path) -> str:
    """Fingerprint as ssh-keygen prints it: "SHA256:..."."""
    process = subprocess.run(["ssh-keygen", "-lf", path], check=True, capture_output=True, text=True)
    return process.stdout.split()[1]


def test_a_changed_host_key_shows_both_fingerprints_and_no_command_to_accept_it(
    server: SshServer, tmp_path: Path
) -> None:
    old = (server.etc / "other.pub").read_text().strip()
    options = known(
        server, tmp_path / "known", "# ours", f"elsewhere.example {server.host_key()}", f"HOST {old}"
    )

    with pytest.raises(DeliveryError) as caught:
        server.delivery(**options).check()

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


def test_a_server_without_a_key_of_the_known_type_counts_as_changed(tmp_path: Path) -> None:
    make_server("sftp", tmp_path / "first")  # skips the test without the server
    server = SshServer(tmp_path / "rsa" / "far" / "root", kinds=("rsa",))
    server.start()
    try:
        old = (server.etc / "other.pub").read_text().strip()
        with pytest.raises(DeliveryError, match=r"CHANGED. It was ssh-ed25519 SHA256:.* now ssh-rsa SHA256:"):
            server.delivery(**known(server, tmp_path / "known", f"HOST {old}")).check()
    finally:
        server.stop()


def test_the_printed_commands_make_the_server_known_after_a_confirmation(
    server: SshServer, tmp_path: Path
) -> None:
    old = (server.etc / "other.pub").read_text().strip()
    options = known(server, tmp_path / "known", f"HOST {old}")
    (tmp_path / "known").write_text("")  # the line is deleted, as the message about a changed key says
    now = fingerprint(server.etc / "host-ed25519.pub")
    with pytest.raises(
        DeliveryError, match=rf"not known: .*compare this with .*{re.escape('keygen -lf')}"
    ) as caught:
        server.delivery(**options).check()
    message = str(caught.value)
    assert f"It shows ssh-ed25519 {now}" in message
    command = message.partition("add it by `")[2].partition("`")[0]

    for answer in (fingerprint(server.etc / "other.pub"), now):
        with pytest.raises(DeliveryError, match="the server is not known"):
            server.delivery(**options).check()
        # ssh accepts a fingerprint as the answer, and asks again when the fingerprint is wrong
        asked_marker = tmp_path / "asked"
        asked_marker.unlink(missing_ok=True)
        (tmp_path / "ask").write_text(
            f"#!/bin/sh\n[ -e {asked_marker} ] && echo no || echo {answer}\ntouch {asked_marker}\n"
        )
        (tmp_path / "ask").chmod(0o700)
        askpass_env = {
            "SSH_ASKPASS": str(tmp_path / "ask"),
            "SSH_ASKPASS_REQUIRE": "force",
            "DISPLAY": "none",
        }
        subprocess.run(
            [*shlex.split(command), "true"],
            env={**os.environ, **askpass_env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )

    server.delivery(**options).check()


def test_a_damaged_known_hosts_line_hides_no_other_line(server: SshServer, tmp_path: Path) -> None:
    options = known(
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

    server.delivery(**options).check()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("HOST OTHER",), "host key has CHANGED"),
        (("elsewhere.example KEY",), "does not hold its key"),
        (
            ("127.0.0.1 KEY",),
            "does not hold its key",
        ),  # this line means port 22, which may be another machine
        (
            ("@revoked HOST KEY", "HOST KEY"),
            r"marked @revoked in .*, line 1: a server that shows it may be an attacker's",
        ),
        (("HOST OTHER", "@revoked HOST KEY"), r"marked @revoked in .*, line 2"),
        (("@revoked HOST OTHER",), "does not hold its key"),
        ((), "does not hold its key"),
    ],
)
def test_no_login_is_tried_at_an_unknown_server(
    server: SshServer, tmp_path: Path, lines: tuple[str, ...], message: str
) -> None:
    other = (server.etc / "other.pub").read_text().strip()
    options = known(
        server,
        tmp_path / "known",
        *(line.replace("KEY", server.host_key()).replace("OTHER", other) for line in lines),
    )
    before = server.read_log()

    with pytest.raises(DeliveryError, match=message) as caught:
        server.delivery(**options).check()

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


def test_a_server_that_accepts_and_stays_silent_is_an_error(server: SshServer, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        known_hosts = tmp_path / "known_hosts"
        known_hosts.write_text(f"[127.0.0.1]:{port} {server.host_key()}\n")
        delivery = server.delivery(port=port, known_hosts=str(known_hosts), timeout_s=1.0)
        with pytest.raises(DeliveryError, match=r"no answer within 1 s; is the server up"):
            delivery.check()


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"])
def test_a_key_file_without_a_key_is_an_error(server: SshServer, tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text)

    with pytest.raises(DeliveryError, match="no private key can be read there"):
        server.delivery(key_file=str(tmp_path / "key")).check()


def test_without_a_key_option_the_agent_and_the_users_keys_are_tried(
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


def test_a_reader_never_finds_the_file_missing_or_incomplete(house: House, server: SshServer) -> None:
    house.audio_bytes = 500_000
    complete_files, files_read, over = set(), set(), threading.Event()
    path = server.root / "fm.wav"

    def poll() -> None:
        while not over.is_set():
            files_read.add(path.read_bytes())

    house.publish(1)
    server.delivery().publish(house.parcel())
    complete_files.add(path.read_bytes())
    reader = threading.Thread(target=poll)
    reader.start()
    try:
        for number in (2, 3, 4):
            house.publish(number)
            complete_files.add((house.folder / "fm.wav").read_bytes())
            server.delivery().publish(house.parcel())
    finally:
        over.set()
        reader.join()

    assert len(files_read) > 1
    assert files_read <= complete_files, "it was missing (the reader died), or half"
    assert set(os.listdir(server.root)) == {"fm.wav", "fm.json", LIST}  # noqa: PTH208


def test_a_manipulated_file_list_deletes_nothing_outside_the_folder(house: House, server: SshServer) -> None:
    """Else a user with write access to that folder could make our login delete files elsewhere."""
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


def delivery_to(old: OldSsh, tmp_path: Path, **changes: str) -> Sftp:
    options = {
        "user": "radio",
        "password": PASSWORD,
        "folder": "/",
        "known_hosts": str(tmp_path / "known-old"),
    }
    return Sftp(name="far", host="127.0.0.1", port=old.port, timeout_s=5.0, **(options | changes))


def test_a_server_without_posix_rename_gets_the_new_file(house: House, old: OldSsh, tmp_path: Path) -> None:
    for number in (1, 2):
        house.publish(number)
        delivery_to(old, tmp_path).publish(house.parcel())

        assert (old.root / "fm.wav").read_bytes() == (house.folder / "fm.wav").read_bytes()
        assert {path.name for path in old.root.iterdir()} == {"fm.wav", "fm.json", LIST}
    with pytest.raises(DeliveryError, match=r"refuses the login \(Authentication failed.*correct user"):
        delivery_to(old, tmp_path, password="wrong").check()


def test_a_relative_folder_starts_at_the_login_folder(house: House, old: OldSsh, tmp_path: Path) -> None:
    house.publish(1)
    for folder in ("~", "~/news/wexcombe"):
        delivery_to(old, tmp_path, folder=folder).publish(house.parcel())

    assert {path.name for path in old.root.iterdir()} == {"fm.wav", "fm.json", LIST, "news"}
    assert (old.root / "news" / "wexcombe" / "fm.wav").is_file()


def test_a_server_that_renames_nothing_keeps_the_old_file(house: House, old: OldSsh, tmp_path: Path) -> None:
    house.publish(1)
    delivery_to(old, tmp_path).publish(house.parcel())
    before = (old.root / "fm.wav").read_bytes()
    house.publish(2)
    old.refuses = "rename"
    with pytest.raises(DeliveryError, match="folder right"):
        delivery_to(old, tmp_path).publish(house.parcel())
    assert (old.root / "fm.wav").read_bytes() == before

    old.refuses = ""
    delivery_to(old, tmp_path).publish(house.parcel())
    assert (old.root / "fm.wav").read_bytes() == (house.folder / "fm.wav").read_bytes() != before
    assert {path.name for path in old.root.iterdir()} == {"fm.wav", "fm.json", LIST}
