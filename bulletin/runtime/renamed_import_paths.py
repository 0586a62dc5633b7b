"""Old module name -> error with the new name: import paths changed in November 2026."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
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
        if fullname.startswith(_ROOT):
            import tomllib

            moved = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
            name = fullname.removeprefix(_ROOT)
            for old in (name, name.rpartition(".")[0]):
                if old in moved:
                    raise ModuleNotFoundError(f"{_ROOT}{old} has moved: import it from {_ROOT}{moved[old]}")
        return None
