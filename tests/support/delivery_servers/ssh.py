"""SSH servers: OpenSSH, and one that cannot rename onto a file."""

from __future__ import annotations

import getpass
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.support.delivery_servers.base import Server, answers, wait_for

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
SFTP_SERVER = "/usr/lib/openssh/sftp-server"


class SshServer(Server):
    """OpenSSH's sshd with its sftp-server, as a process of the test."""

    kind = "sftp"

    def __init__(self, root: Path, *, kinds: tuple[str, ...] = ("ed25519",)) -> None:
        super().__init__(root)
        self.etc, self.kinds = root.parent / "ssh", kinds
        """Types of its host keys."""
        self.etc.mkdir()
        self.known, self.authorized = self.etc / "known_hosts", self.etc / "authorized"
        for kind in kinds:
            make_key(self.etc / f"host-{kind}", kind)
        make_key(self.etc / "user")
        make_key(self.etc / "other")
        self.wrong = {"key_file": str(self.etc / "other")}
        shutil.copy(self.etc / "user.pub", self.authorized)
        self.write_known_hosts()

    def host_key(self, kind: str = "ed25519") -> str:
        """Key type and key, as in a line of known_hosts after the name."""
        kind_and_key = (self.etc / f"host-{kind}.pub").read_text().split()[:2]
        return " ".join(kind_and_key)

    def write_known_hosts(self) -> None:
        key = self.host_key(self.kinds[0])
        self.known.write_text(f"[127.0.0.1]:{self.port} {key}\n[127.0.0.1]:{self.door} {key}\n")

    def stand_behind(self, port: int) -> None:
        super().stand_behind(port)
        self.write_known_hosts()

    def change_key(self) -> None:
        self.stop()
        for kind in self.kinds:
            make_key(self.etc / f"host-{kind}", kind)
        self.start()

    def start(self) -> None:
        Path("/run/sshd").mkdir(exist_ok=True)
        config = self.etc / "config"
        keys = "".join(f"HostKey {self.etc / f'host-{kind}'}\n" for kind in self.kinds)
        config.write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\n{keys}LogLevel VERBOSE\n"
            f"AuthorizedKeysFile {self.authorized}\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"
            f"PasswordAuthentication no\nPidFile none\nMaxStartups 100\nSubsystem sftp {SFTP_SERVER}\n"
        )
        # OpenSSH 9.8 and later blocks clients after some broken connections unless this option is set
        patient = ["-o", "PerSourcePenalties=no"]
        knows = subprocess.run([SSHD, "-t", "-f", config, *patient], capture_output=True, check=False)
        options = [] if knows.returncode else patient
        log = (self.etc / "log").open("ab")
        self.process = subprocess.Popen([SSHD, "-D", "-e", "-f", config, *options], stderr=log, stdout=log)
        log.close()
        wait_for(lambda: answers(self.port))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)

    def read_log(self) -> str:
        return (self.etc / "log").read_text()

    def given(self) -> dict[str, Any]:
        return {
            "host": "127.0.0.1",
            "port": self.door,
            "user": getpass.getuser(),
            "key_file": str(self.etc / "user"),
            "known_hosts": str(self.known),
            "folder": str(self.root),
            "timeout_s": 10.0,
        }

    def lost(self) -> dict[str, str]:
        super().lost()
        return {"folder": str(self.root / "lost")}


def make_key(path: Path, kind: str = "ed25519", *, password: str = "", form: str = "RFC4716") -> Path:
    """Write a new key pair; `form`: "RFC4716" is OpenSSH's own format, "PEM" the old one."""
    for file in (path, path.with_name(f"{path.name}.pub")):
        file.unlink(missing_ok=True)
    form_of = ["-m", form] if form == "PEM" else []
    size = ["-b", "2048"] if kind == "rsa" else []
    command = ["ssh-keygen", "-q", "-t", kind, *size, *form_of, "-N", password, "-f", path]
    subprocess.run(command, check=True)
    return path
