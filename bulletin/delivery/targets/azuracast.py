"""Parcel -> playlist of an AzuraCast station: uploaded, added, and only then the one before it deleted."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Literal
from urllib.parse import quote

from bulletin.config.tables.delivery_options import AzuraCastOptions
from bulletin.delivery.cut_off_slow_deliveries import TimeLimit
from bulletin.delivery.delivery_interface import LastingError, Parcel
from bulletin.delivery.http_client import Ask, open_client
from bulletin.errors import DeliveryError

_REMEDIES = {
    **dict.fromkeys((401, 403), "let the key manage media and playlists"),
    404: "correct url or station",
}


class AzuraCast(AzuraCastOptions):
    """
    Playlist that holds the newest bulletin and is never empty in between.

    `station` is its number or short name, `playlist` its name or number, `key` an API key that may manage
    the station's media. Files lie in `folder`, in one folder for each Bulletin station.
    """

    kind: Literal["azuracast"] = "azuracast"
    is_newest_only: ClassVar[bool] = True

    @property
    def _base(self) -> str:
        return f"{self.url.rstrip('/')}/api/station/{quote(self.station, safe='')}"

    def check(self) -> None:
        """Raise DeliveryError unless AzuraCast takes the key and has the playlist."""
        with self._open() as ask:
            self._find_playlist(ask)

    def publish(self, parcel: Parcel) -> None:
        sound = parcel.sound
        if sound is None:
            raise LastingError(
                f'delivery {self.name}: a playlist takes one sound file; set rendition = "podcast" or "fm"'
            )
        path = f"{self._folder_of(parcel)}/{parcel.guid}.{sound.name.rpartition('.')[2]}"
        # base64 makes three bytes four
        with self._open(sound.path.stat().st_size * 4 // 3) as ask:
            playlist = self._find_playlist(ask)
            media = self._media(ask, parcel)
            if path not in media:
                content = base64.b64encode(sound.path.read_bytes()).decode()
                parcel.confirm()
                self._ask(ask, "POST", "/files", json={"path": path, "file": content})
                media = self._media(ask, parcel)
            if path not in media:
                raise DeliveryError(
                    f"delivery {self.name}: AzuraCast accepted {path} but does not list it; check that it is a sound file"
                )
            if playlist not in _playlist_ids(media[path]):
                parcel.confirm()
                self._ask(ask, "PUT", f"/file/{media[path]['id']}", json={"playlists": [playlist]})
                media = self._media(ask, parcel)
                if playlist not in _playlist_ids(media.get(path, {})):
                    raise DeliveryError(f"delivery {self.name}: {path} not in the playlist yet; trying again")
            for other, row in media.items():
                if other != path:
                    parcel.confirm()
                    self._ask(ask, "DELETE", f"/file/{row['id']}")

    def withdraw(self, parcel: Parcel) -> None:
        """Delete the bulletin's file; an empty playlist until the next one is better than airing it."""
        with self._open() as ask:
            for path, row in self._media(ask, parcel).items():
                if path.rpartition("/")[2].rpartition(".")[0] == parcel.guid:
                    self._ask(ask, "DELETE", f"/file/{row['id']}")

    def _folder_of(self, parcel: Parcel) -> str:
        return f"{self.folder.strip('/')}/{parcel.station}".strip("/")

    def _media(self, ask: Ask, parcel: Parcel) -> dict[str, dict[str, Any]]:
        """Rows of this station's files by their path."""
        folder = self._folder_of(parcel)
        answer = self._ask(ask, "GET", f"/files?searchPhrase={quote(folder + '/', safe='')}")
        rows = answer.get("rows", []) if isinstance(answer, dict) else answer
        return {row["path"]: row for row in rows if str(row.get("path", "")).startswith(f"{folder}/")}

    def _find_playlist(self, ask: Ask) -> int:
        playlists = self._ask(ask, "GET", "/playlists")
        for row in playlists:
            if self.playlist in (row.get("name"), row.get("short_name"), str(row.get("id"))):
                return int(row["id"])
        names = ", ".join(str(row.get("name")) for row in playlists) or "none"
        raise LastingError(
            f'delivery {self.name}: AzuraCast has no playlist "{self.playlist}" (it has: {names}); make it there'
        )

    @contextmanager
    def _open(self, total_bytes: int = 0) -> Iterator[Ask]:
        with TimeLimit(self.name, timeout_s=self.timeout_s, within_s=self.within_s) as limit:
            limit.extend(total_bytes=total_bytes, files=1)
            with open_client(
                limit,
                where=f"delivery {self.name}: {self._base}",
                timeout_s=self.timeout_s,
                headers={"X-API-Key": self.key},
                ca_file=self.ca_file,
            ) as ask:
                yield ask

    def _ask(self, ask: Ask, method: str, path: str, **request: Any) -> Any:
        """The answer's JSON; to delete a file that is gone already is no error."""
        answer = ask(method, self._base + path, **request)
        where = f"delivery {self.name}: {method} {self._base}{path.partition('?')[0]}"
        answer.require_success(
            where,
            good=(*range(200, 300), *([404] if method == "DELETE" else [])),
            remedies=_REMEDIES,
            otherwise=f"is the server up, and is there room? It says: {answer.excerpt}",
        )
        try:
            return json.loads(answer.body) if answer.status != 404 else {}
        except (ValueError, RecursionError) as error:
            raise LastingError(f"{where}: answered {answer.status} without JSON; correct url") from error


def _playlist_ids(row: dict[str, Any]) -> set[int]:
    return {int(playlist["id"]) for playlist in row.get("playlists", []) if "id" in playlist}
