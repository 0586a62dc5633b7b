"""An FTP server."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from tests.far.base import PASSWORD, Server


class FtpServer(Server):
    """pyftpdlib, with TLS."""

    def __init__(self, root: Path, *, ca: Any) -> None:
        super().__init__(root)
        self.pem, self.ca_file = root.parent / "ftp.pem", root.parent / "ca.pem"
        ca.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(self.pem)
        ca.cert_pem.write_to_path(self.ca_file)
        self.cut_after: int | None = None
        self.refusal = ""
        """What it says to an upload in place of taking it: "552 Quota exceeded."."""

    def start(self) -> None:
        from pyftpdlib.authorizers import DummyAuthorizer
        from pyftpdlib.handlers import TLS_DTPHandler, TLS_FTPHandler
        from pyftpdlib.servers import ThreadedFTPServer

        server = self

        class Cutting(TLS_DTPHandler):
            def recv(self, size: int) -> bytes:
                if server.cut_after is not None and self.get_transmitted_bytes() > server.cut_after:
                    self.cmd_channel.close()
                    raise ConnectionResetError
                return super().recv(size)

        class Handler(TLS_FTPHandler):
            certfile = str(self.pem)
            tls_control_required = tls_data_required = True
            auth_failed_timeout = 0.1
            dtp_handler = Cutting

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

    def delivery(self, **changes: Any) -> Any:
        from bulletin.outlets.places.ftp import Ftp

        given = {
            "name": "far",
            "host": "127.0.0.1",
            "port": self.door,
            "user": "radio",
            "password": PASSWORD,
            "ca_file": str(self.ca_file),
            "timeout_s": 5.0,
        }
        return Ftp(**(given | changes))

    def stranger(self) -> Any:
        return self.delivery(password="wrong")
