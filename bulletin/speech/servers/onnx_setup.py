"""Set-up of onnxruntime, before any engine imports it."""

from __future__ import annotations

import os


def forbid_telemetry() -> None:
    """
    Keep onnxruntime from reporting to its makers.

    From 1.32 its wheels for Linux write a device id into the user's cache and send usage to a server of
    Microsoft, unless this variable is set before the first import.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
