"""How this copy was installed -> the command that adds an extra or a missing package to it."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

_NAME = "bulletin-radio"
_IMAGE = "BULLETIN_IMAGE"
"""Environment variable that our Dockerfile sets: the name to build the image under."""


def command_for_extra(extra: str) -> str:
    """
    The command that installs what [project.optional-dependencies] lists under `extra`.

    It never asks an index for this program: another project may have its name there.
    """
    if image := os.environ.get(_IMAGE):
        return _rebuild(image)
    ours = _ours()
    if (Path(sys.prefix) / "pipx_metadata.json").is_file():
        return _join("pipx", "inject", Path(sys.prefix).name, *_requirements(ours, extra=extra))
    source, is_editable = _source(ours)
    if source is None:
        return _join(*_pip(), *_requirements(ours, extra=extra))
    if (receipt := _uv_receipt()) is not None:
        in_place = ("--editable",) if is_editable else ()
        return _join("uv", "tool", "install", *in_place, *_uv_tool(receipt, source, extra))
    return _join(*_pip(), *(("-e",) if is_editable else ()), f"{source}[{extra}]")


def command_for_package(*names: str) -> str:
    """The command that installs packages that are missing, in the versions that this program allows."""
    return _command(names)


def command_to_repair(*names: str) -> str:
    """As `command_for_package`, for what is there and does not work: its files are written anew."""
    return _command(names, "--force-reinstall", "--no-deps")


def is_ours(module: str) -> bool:
    """Whether the module called `module` belongs to this program."""
    return module.partition(".")[0] == __name__.partition(".")[0]


def missing_packages() -> tuple[str, ...]:
    """Packages that this program always needs and that are not installed."""
    ours = _ours()
    always = [one for one in (ours.requires if ours else None) or () if ";" not in one]
    return tuple(name for name in map(_name_in, always) if not _is_there(name))


def incomplete(error: ImportError) -> str:
    """What a user is told where a library that was to be there cannot be imported, with the remedy."""
    missing = missing_packages()
    module = (error.name or "").partition(".")[0]
    remedy = (
        command_for_package(*missing) if missing else command_to_repair(module.replace("_", "-") or _NAME)
    )
    return f"this installation is incomplete ({error}); {remedy}"


def _is_there(name: str) -> bool:
    return next(iter(Distribution.discover(name=name)), None) is not None


def _command(names: Sequence[str], *options: str) -> str:
    if image := os.environ.get(_IMAGE):
        return _rebuild(image)
    known = {_bare(_name_in(one)): one for one in _requirements(_ours(), extra=None)}
    wanted = [known.get(_bare(name), name) for name in names]
    if (Path(sys.prefix) / "pipx_metadata.json").is_file():
        return _join("pipx", "runpip", Path(sys.prefix).name, "install", *options, *wanted)
    return _join(*_pip(), *options, *wanted)


def _rebuild(image: str) -> str:
    return f"docker build --no-cache -t {image} . (in a checkout of the project)"


def _ours() -> Distribution | None:
    with suppress(PackageNotFoundError):
        return distribution(_NAME)
    return None


def _requirements(ours: Distribution | None, *, extra: str | None) -> Iterator[str]:
    """Of the extra, or of all; without their conditions."""
    for text in (ours.requires if ours else None) or ():
        requirement, _, condition = text.partition(";")
        named = re.search(r"""extra\s*==\s*['"]([\w-]+)['"]""", condition)
        if extra is None or (named and named[1] == extra):
            yield requirement.strip()


def _name_in(requirement: str) -> str:
    """ "Jinja2>=3.1.6" -> "Jinja2"."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def _bare(name: str) -> str:
    """As an index compares names: "lxml_html_clean" -> "lxml-html-clean"."""
    return re.sub(r"[-_.]+", "-", name).casefold()


def _source(ours: Distribution | None) -> tuple[Path | None, bool]:
    """The checkout or wheel that this copy came from, while it is there; and whether it is run in place."""
    if ours is None:
        checkout = Path(__file__).parents[2]
        return (checkout, True) if (checkout / "pyproject.toml").is_file() else (None, False)
    text = ours.read_text("direct_url.json")
    if text is None:  # from an index
        return None, False
    found = json.loads(text)
    url = urlsplit(found["url"])
    path = Path(url2pathname(url.path))
    if url.scheme != "file" or not path.exists():
        return None, False
    return path, bool(found.get("dir_info", {}).get("editable"))


def _uv_receipt() -> list[dict[str, object]] | None:
    """What `uv tool install` was asked for; none where it installed nothing."""
    try:
        text = (Path(sys.prefix) / "uv-receipt.toml").read_text("utf-8")
        return list(tomllib.loads(text)["tool"]["requirements"])
    except (OSError, tomllib.TOMLDecodeError, KeyError):
        return None


def _uv_tool(receipt: list[dict[str, object]], source: Path, extra: str) -> Iterator[str]:
    """Asked for again in full, since uv forgets what it is not asked for."""
    for one in receipt:
        name, extras = str(one.get("name", "")), one.get("extras", [])
        if _bare(name) != _NAME:
            yield from ("--with", f"{name}{one.get('specifier', '')}")
        else:
            wanted = dict.fromkeys((*(extras if isinstance(extras, list) else ()), extra))
            yield f"{source}[{','.join(wanted)}]"


def _pip() -> tuple[str, ...]:
    """An environment that uv made has no pip."""
    if find_spec("pip"):
        return sys.executable, "-m", "pip", "install"
    return "uv", "pip", "install", "--python", sys.executable


def _join(*words: str) -> str:
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
