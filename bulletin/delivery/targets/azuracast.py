"""Parcel -> an AzuraCast station's playlist: uploaded, added, and only then the one before it deleted."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from bulletin.delivery.delivery_port import Parcel
from bulletin.delivery.http_client import Client, open_client
from bulletin.delivery.time_limit import Limit
from bulletin.errors import DeliveryError


class AzuraCast:
    """
    The playlist holds the newest bulletin; it is never empty in between.

    `station` is its number or short name, `playlist` its name or number, `key` an API key that may manage
    the station's media. Files lie in `folder`, one folder for each Bulletin station.
    """

    is_newest_only = True

    def __init__(
        self,
        *,
        name: str,
        url: str,
        station: str,
        key: str,
        playlist: str,
        folder: str = "bulletin",
        ca_file: str = "",
        timeout_s: float = 60.0,
        within_s: float = 0.0,
    ) -> None:
        self.name = name
        self._base = f"{url.rstrip('/')}/api/station/{quote(str(station), safe='')}"
        self._key, self._playlist, self._folder = key, playlist, folder.strip("/")
        self._ca_file, self._timeout_s, self._within_s = ca_file, timeout_s, within_s

    def check(self) -> None:
        """The key is taken, and the playlist is there."""
        with self._open() as client:
            self._find_playlist(client)

    def publish(self, parcel: Parcel) -> None:
        sound = parcel.sound
        if sound is None:
            raise DeliveryError(
                f'{self.name}: a playlist takes one sound file; set rendition = "podcast" or "fm"',
                is_lasting=True,
            )
        path = f"{self._place(parcel)}/{parcel.guid}.{sound.name.rpartition('.')[2]}"
        # base64 makes three bytes four
        with self._open(sound.path.stat().st_size * 4 // 3) as client:
            playlist = self._find_playlist(client)
            media = self._media(client, parcel)
            if path not in media:
                content = base64.b64encode(sound.path.read_bytes()).decode()
                self._ask(client, "POST", "/files", json={"path": path, "file": content})
                media = self._media(client, parcel)
            if path not in media:
                raise DeliveryError(
                    f"{self.name}: AzuraCast took {path} and does not list it; is it a sound file?"
                )
            if playlist not in _playlists(media[path]):
                self._ask(client, "PUT", f"/file/{media[path]['id']}", json={"playlists": [playlist]})
                media = self._media(client, parcel)
                if playlist not in _playlists(media.get(path, {})):
                    raise DeliveryError(f"{self.name}: {path} is not in the playlist yet; trying again")
            for other, told in media.items():
                if other != path:
                    self._ask(client, "DELETE", f"/file/{told['id']}", gone_is_good=True)

    def withdraw(self, parcel: Parcel) -> None:
        """Delete it. If it is the newest the playlist is empty until the next one, which is better than to air it."""
        with self._open() as client:
            for path, told in self._media(client, parcel).items():
                if path.rpartition("/")[2].rpartition(".")[0] == parcel.guid:
                    self._ask(client, "DELETE", f"/file/{told['id']}", gone_is_good=True)

    def _place(self, parcel: Parcel) -> str:
        return f"{self._folder}/{parcel.station}".strip("/")

    def _media(self, client: Client, parcel: Parcel) -> dict[str, dict[str, Any]]:
        """Files of this station of ours by their path."""
        place = self._place(parcel)
        told = self._ask(client, "GET", f"/files?searchPhrase={quote(place + '/', safe='')}")
        rows = told.get("rows", []) if isinstance(told, dict) else told
        return {row["path"]: row for row in rows if str(row.get("path", "")).startswith(f"{place}/")}

    def _find_playlist(self, client: Client) -> int:
        found = self._ask(client, "GET", "/playlists")
        for one in found:
            if str(self._playlist) in (one.get("name"), one.get("short_name"), str(one.get("id"))):
                return int(one["id"])
        names = ", ".join(str(one.get("name")) for one in found) or "none"
        raise DeliveryError(
            f'{self.name}: AzuraCast has no playlist "{self._playlist}" (it has: {names}); make it there',
            is_lasting=True,
        )

    @contextmanager
    def _open(self, total_bytes: int = 0) -> Iterator[Client]:
        with Limit(self.name, timeout_s=self._timeout_s, within_s=self._within_s) as limit:
            limit.allow(total_bytes=total_bytes, files=1)
            with open_client(
                limit,
                where=f"{self.name}: {self._base}",
                timeout_s=self._timeout_s,
                headers={"X-API-Key": self._key},
                ca_file=self._ca_file,
            ) as client:
                yield client

    def _ask(self, client: Client, method: str, path: str, *, gone_is_good: bool = False, **more: Any) -> Any:
        answer = client.ask(method, self._base + path, **more)
        code = answer.status
        if code == 404 and gone_is_good:
            return {}
        where = f"{self.name}: {method} {self._base}{path.partition('?')[0]}: answered {code}"
        if answer.moved_to:
            raise DeliveryError(f"{where}: it has moved to {answer.moved_to}; correct url", is_lasting=True)
        if code in (401, 403):
            raise DeliveryError(f"{where}; give the key leave to manage media and playlists", is_lasting=True)
        if code == 404:
            raise DeliveryError(f"{where}; correct url or station", is_lasting=True)
        if not answer.is_good:
            raise DeliveryError(f"{where} ({answer.said(160)}); is there room, and is it up?")
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise DeliveryError(f"{where} without JSON; correct url", is_lasting=True) from error


def _playlists(told: dict[str, Any]) -> set[int]:
    return {int(one["id"]) for one in told.get("playlists", []) if "id" in one}
