"""Old module name -> error with the new name: import paths changed in November 2026."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

_ROOT = "bulletin."


class MovedModuleFinder:
    """Import finder after all others: `sys.meta_path` asks it for modules that were not found."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """
        Return None for a name that never was a module of this program.

        :raises ModuleNotFoundError: the module has moved; the message gives its new name.
        """
        if not fullname.startswith(_ROOT):
            return None
        moved = _read_table()
        name = fullname.removeprefix(_ROOT)
        parent = name.rpartition(".")[0]
        new = moved.get(name) or moved.get(parent)
        if new is None:
            return None
        old = name if name in moved else parent
        raise ModuleNotFoundError(f"{_ROOT}{old} has moved: import it from {_ROOT}{new}")


def _read_table() -> dict[str, str]:
    import tomllib
    from importlib import resources

    text = (resources.files("bulletin.runtime") / "moved_modules.toml").read_text(encoding="utf-8")
    return {str(old): str(new) for old, new in tomllib.loads(text).items()}
