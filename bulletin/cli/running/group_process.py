"""What the processes of `bulletin group` share: the profiles, the log of a service, the option --json."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bulletin.runtime.redact_secrets import hide
from bulletin.service.monitoring.set_up_logging import JsonFormatter, close_streams, secrets_in, set_up_logs

if TYPE_CHECKING:
    from bulletin.group.group_profiles import GroupProfiles

json_option = click.option("--json", "as_json", is_flag=True, help="Log JSON lines, on a terminal too.")


@contextmanager
def group_process(stations: tuple[str, ...], *, as_json: bool) -> Iterator[GroupProfiles]:
    """The profiles of STATIONs, read once, with the log set up as that of a service; the log is closed at the end."""
    # late: it takes seconds to import on a small computer, and `--help` does not need it
    from bulletin.group.group_profiles import GroupProfiles

    profiles = GroupProfiles(names=stations)
    profiles.refresh()
    loaded = profiles.stations.values()
    set_up_logs(secrets=(*secrets_in(os.environ), *(secret for each in loaded for secret in each.secrets)))
    if as_json:
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonFormatter(hide))
    if profiles.stations:  # else the process ends with their reasons
        profiles.log_refused()
    try:
        yield profiles
    finally:
        close_streams()
