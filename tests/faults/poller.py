"""Reader of all published files, all the time, like a playout and podcast apps."""

from __future__ import annotations

import json
import multiprocessing
import time
from multiprocessing.synchronize import Event
from pathlib import Path
from queue import Empty
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import numpy as np
import soundfile
from lxml import etree
from PIL import Image

_PAUSE_S = 0.002
_LEAST_S = 3.0
"""Least length of a bulletin or a stand-by."""


class Poller:
    """Separate process that reads while others write."""

    def __init__(self, folder: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._stop, self._results = context.Event(), context.Queue()
        self._process = context.Process(target=_poll, args=(folder, self._stop, self._results), daemon=True)
        self.problems: list[str] = []
        self.contents_read = 0
        """Number of file contents read."""

    def __enter__(self) -> Self:
        self._process.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        while True:
            try:
                result = self._results.get(timeout=120)
            except Empty:
                self.problems.append("the reader died")
                break
            if isinstance(result, int):
                self.contents_read = result
                break
            self.problems.append(result)
        self._process.join(60)


def _poll(folder: Path, stop: Event, results: Any) -> None:
    marks: dict[Path, tuple[int, int, int]] = {}
    count = 0
    while not stop.is_set():
        for path in folder.rglob("*") if folder.is_dir() else ():
            if path.name.startswith("part-"):
                continue
            try:
                now = path.stat()
                mark = (now.st_ino, now.st_mtime_ns, now.st_size)
                if path.is_dir() or marks.get(path) == mark:
                    continue
                marks[path] = mark
                body = path.read_bytes()
            except FileNotFoundError:  # retention may delete a file; it must not truncate one
                continue
            count += 1
            try:
                _look_at(path, body, folder)
            except Exception as error:  # noqa: BLE001 - any error that a reader may meet
                results.put(f"{path.name} ({len(body)} bytes): {type(error).__name__}: {error}")
        time.sleep(_PAUSE_S)
    results.put(count)


def _look_at(path: Path, body: bytes, folder: Path) -> None:
    """Raise an error when a file is incomplete or damaged."""
    import io

    if not body:
        raise ValueError("empty")
    match path.suffix:
        case ".json":
            json.loads(body)
        case ".xml":
            _look_at_feed(body, folder)
        case ".flac" | ".mp3" | ".wav":
            samples, rate_hz = soundfile.read(io.BytesIO(body), dtype="float32")
            length_s = len(samples) / rate_hz
            if length_s < _LEAST_S or not np.isfinite(samples).all():
                raise ValueError(f"{length_s:.2f} s")
        case ".jpg" | ".png":
            Image.open(io.BytesIO(body)).load()
        case _:
            body.decode("utf-8")


def _look_at_feed(body: bytes, folder: Path) -> None:
    for enclosure in etree.fromstring(body).findall("channel/item/enclosure"):
        sound = folder / Path(unquote(urlsplit(enclosure.get("url", "")).path)).name
        if sound.stat().st_size != int(enclosure.get("length", "0")):
            raise ValueError(f"{sound.name} is not as long as the feed says")
