"""
Main program of the public server's process, which knows the public folders, no secret and no archive.

Standard input brings a line of JSON: the socket to listen on, the port of the clock's process, the public folders.
The next line ends the program in order; the end of the input means that the clock's process has died, and ends it at
once.
"""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette

from bulletin.service.http.list_stations import list_routes
from bulletin.service.http.serve_published_files import PublicFolder, public_routes
from bulletin.service.http.web_server import WebServer
from bulletin.service.monitoring.set_up_logging import limit_repeated_lines, set_up_logs
from bulletin.service.public_server.forward_to_service import forward_routes
from bulletin.service.resources import process_limits
from bulletin.service.server_process.run_server_process import begin_process, serve_until_told
from bulletin.service.server_process.supervise_server_process import inherited_socket


def main() -> None:
    process_limits.use_one_malloc_arena()
    set_up_logs()
    limit_repeated_lines()
    message = begin_process()
    folders = [PublicFolder(**{**data, "folder": Path(data["folder"])}) for data in message["folders"]]
    routes = [
        *forward_routes(message["port"]),
        *list_routes(lambda: folders),
        *public_routes(lambda: folders),
    ]
    app = Starlette(routes=routes)
    limits = process_limits.limits_within(process_limits.raise_descriptor_limit())
    serve_until_told(WebServer(app, bound=[inherited_socket(message["socket"])], limits=limits))
