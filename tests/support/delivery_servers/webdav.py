"""WebDAV server."""

from __future__ import annotations

import threading
from typing import Any

from tests.support.delivery_servers.base import PASSWORD, Server


class DavServer(Server):
    """wsgidav behind cheroot."""

    kind, wrong = "webdav", {"password": "wrong"}

    def start(self) -> None:
        from cheroot import wsgi
        from wsgidav.wsgidav_app import WsgiDAVApp

        app = WsgiDAVApp(
            {
                "provider_mapping": {"/": str(self.root)},
                "simple_dc": {"user_mapping": {"*": {"radio": {"password": PASSWORD}}}},
                "http_authenticator": {
                    "accept_basic": True,
                    "accept_digest": False,
                    "default_to_digest": False,
                },
                "logging": {"enable": False},
                "verbose": 0,
                "dir_browser": {"enable": False},
            }
        )
        self.server = wsgi.Server(("127.0.0.1", self.port), app, numthreads=2)
        self.server.prepare()
        self.thread = threading.Thread(target=self.server.serve, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.stop()
        self.thread.join(5)

    def given(self) -> dict[str, Any]:
        return {
            "url": f"http://127.0.0.1:{self.door}/",
            "user": "radio",
            "password": PASSWORD,
            "timeout_s": 5.0,
        }

    def lost(self) -> dict[str, str]:
        return {"url": f"http://127.0.0.1:{self.door}/lost/"}
