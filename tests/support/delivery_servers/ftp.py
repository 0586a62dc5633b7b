"""FTP servers: pyftpdlib and vsftpd, each with and without TLS."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from tests.support.delivery_servers.base import PASSWORD, Server, answers, wait_for

VSFTPD = shutil.which("vsftpd") or "/usr/sbin/vsftpd"


class _Ftp(Server):
    kind, wrong = "ftp", {"password": "wrong"}
    user = "radio"

    def __init__(self, root: Path, *, tls: bool) -> None:
        super().__init__(root)
        self.tls = tls
        self.pem, self.ca_file = root.parent / "ftp.pem", root.parent / "ca.pem"
        if tls:
            import trustme

            ca = trustme.CA()
            ca.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(self.pem)
            ca.cert_pem.write_to_path(self.ca_file)

    def given(self) -> dict[str, Any]:
        given = {
            "host": "127.0.0.1",
            "port": self.door,
            "user": self.user,
            "password": PASSWORD,
            "timeout_s": 5.0,
        }
        return given | ({"ca_file": str(self.ca_file)} if self.tls else {"tls": "none"})


class FtpServer(_Ftp):
    """FTP server of pyftpdlib."""

    def __init__(self, root: Path, *, tls: bool = True) -> None:
        super().__init__(root, tls=tls)
        self.cut_after: int | None = None
        self.refusal = ""
        """Refusal of uploads: "552 Quota exceeded."."""
        self.unknown: frozenset[str] = frozenset()
        """Commands that the server does not know: "PASV", "EPSV"."""
        self.data_port = 0
        """Port announced instead of the real data port, if any."""
        self.sips = False
        """Read only a few bytes of each file now and then."""
        self.data_lines: list[str] = []
        """Mode of each data connection: "passive" or "active"."""

    def start(self) -> None:
        from pyftpdlib import handlers
        from pyftpdlib.authorizers import DummyAuthorizer
        from pyftpdlib.servers import ThreadedFTPServer

        server = self
        line: Any = handlers.TLS_DTPHandler if self.tls else handlers.DTPHandler
        handler: Any = handlers.TLS_FTPHandler if self.tls else handlers.FTPHandler

        class Cutting(line):
            def recv(self, size: int) -> bytes:
                if server.sips:
                    time.sleep(0.05)
                    return super().recv(10)
                if server.cut_after is not None and self.get_transmitted_bytes() > server.cut_after:
                    self.cmd_channel.close()
                    raise ConnectionResetError
                return super().recv(size)

        class Handler(handler):
            certfile = str(self.pem)
            tls_control_required = tls_data_required = True
            auth_failed_timeout = 0.1
            dtp_handler = Cutting

            def pre_process_command(self, line: str, cmd: str, arg: str) -> Any:
                if cmd in server.unknown:
                    return self.respond(f'500 Command "{cmd}" not understood.')
                ways = {"PASV": "passive", "EPSV": "passive", "PORT": "active", "EPRT": "active"}
                server.data_lines += [ways[cmd]] if cmd in ways else []
                return super().pre_process_command(line, cmd, arg)

            def respond(self, resp: str, **more: Any) -> Any:
                if server.data_port and resp.startswith("227"):
                    high, low = divmod(server.data_port, 256)
                    resp = f"227 Entering passive mode (127,0,0,1,{high},{low})."
                return super().respond(resp, **more)

            def ftp_STOR(self, file: str, mode: str = "w") -> Any:
                if server.refusal:
                    return self.respond(server.refusal)
                return super().ftp_STOR(file, mode)

        users = DummyAuthorizer()
        users.add_user("radio", PASSWORD, str(self.root), perm="elradfmwMT")
        Handler.authorizer = users
        self.server = ThreadedFTPServer(("127.0.0.1", self.port), Handler)
        self.thread = threading.Thread(target=lambda: self.server.serve_forever(timeout=0.05), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.close_all()
        self.thread.join(5)


class Vsftpd(_Ftp):
    """Debian's vsftpd as a process of the test; with TLS it requires data connections to resume the session."""

    user = "anonymous"  # the only login that needs no account of this machine; it still has a password

    def start(self) -> None:
        etc = self.root.parent / "vsftpd"
        (etc / "empty").mkdir(parents=True, exist_ok=True)
        (etc / "passwords").write_text(f"{PASSWORD}\n")
        secure = (
            f"ssl_enable=YES\nrsa_cert_file={self.pem}\nallow_anon_ssl=YES\n"
            "force_anon_logins_ssl=YES\nforce_anon_data_ssl=YES\nrequire_ssl_reuse=YES\n"
        )
        (etc / "conf").write_text(
            f"listen=YES\nlisten_address=127.0.0.1\nlisten_port={self.port}\nbackground=NO\n"
            f"run_as_launching_user=YES\nlocal_enable=NO\nanonymous_enable=YES\nanon_root={self.root}\n"
            f"secure_email_list_enable=YES\nemail_password_file={etc / 'passwords'}\n"
            f"secure_chroot_dir={etc / 'empty'}\nallow_writeable_chroot=YES\nanon_umask=022\n"
            "write_enable=YES\nanon_upload_enable=YES\nanon_mkdir_write_enable=YES\n"
            "anon_other_write_enable=YES\nanon_world_readable_only=NO\nxferlog_enable=NO\n"
            "port_enable=YES\nconnect_from_port_20=NO\ndelay_failed_login=0\nseccomp_sandbox=NO\n"
            + (secure if self.tls else "")
        )
        self.process = subprocess.Popen([VSFTPD, etc / "conf"])
        wait_for(lambda: answers(self.port))

    def stop(self) -> None:
        """Stop it with its children, which hold the connections."""
        subprocess.run(["pkill", "-P", str(self.process.pid)], check=False)
        self.process.terminate()
        self.process.wait(60)
