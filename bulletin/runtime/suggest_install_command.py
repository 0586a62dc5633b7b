"""Installation of this program -> command that adds an extra or a missing package to it."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

_NAME = "bulletin-radio"
_IMAGE = "BULLETIN_IMAGE"
"""Environment variable that the Dockerfile sets: name to build the image under."""


def command_for_extra(extra: str) -> str:
    """
    Command that installs the packages of [project.optional-dependencies] under `extra`.

    It never asks a package index for this program itself: another project may have its name there.
    """
    ours = _ours()
    source, is_editable = _source(ours)
    if source is None:
        return _install(*_requirements(ours, extra=extra))
    return _install(*(("-e",) if is_editable else ()), f"{source}[{extra}]")


def command_for_package(*names: str) -> str:
    """Command that installs missing packages, in the versions that this program allows."""
    return _command(names)


def command_to_repair(*names: str) -> str:
    """Command that installs packages again whose files are damaged."""
    return _command(names, "--force-reinstall", "--no-deps")


def is_ours(module: str) -> bool:
    """Whether a module belongs to this program."""
    return module.partition(".")[0] == __name__.partition(".")[0]


def missing_packages() -> tuple[str, ...]:
    """Required packages that are not installed."""
    ours = _ours()
    required = [line for line in (ours.requires if ours else None) or () if ";" not in line]
    return tuple(name for name in map(_name_in, required) if not _is_installed(name))


def describe_incomplete(error: ImportError) -> str:
    """Message about a required library that cannot be imported, with the remedy."""
    missing = missing_packages()
    module = (error.name or "").partition(".")[0].replace("_", "-")
    remedy = command_for_package(*missing) if missing else command_to_repair(module or _NAME)
    return f"this installation is incomplete ({error}); {remedy}"


def _is_installed(name: str) -> bool:
    return next(iter(Distribution.discover(name=name)), None) is not None


def _command(names: Sequence[str], *options: str) -> str:
    known = {_normalize(_name_in(line)): line for line in _requirements(_ours(), extra=None)}
    return _install(*options, *(known.get(_normalize(name), name) for name in names))


def _install(*arguments: str) -> str:
    """Command by pip of this environment, or by uv, whose environments have no pip."""
    if image := os.environ.get(_IMAGE):
        return f"docker build --no-cache -t {image} . (in a checkout of the project)"
    uv = ("uv", "pip", "install", "--python", sys.executable)
    pip = (sys.executable, "-m", "pip", "install") if find_spec("pip") else uv
    return subprocess.list2cmdline([*pip, *arguments]) if os.name == "nt" else shlex.join([*pip, *arguments])


def _ours() -> Distribution | None:
    with suppress(PackageNotFoundError):
        return distribution(_NAME)
    return None


def _requirements(ours: Distribution | None, *, extra: str | None) -> Iterator[str]:
    """Requirements of the extra, or all of them, without their conditions."""
    for text in (ours.requires if ours else None) or ():
        requirement, _, condition = text.partition(";")
        named = re.search(r"""extra\s*==\s*['"]([\w-]+)['"]""", condition)
        if extra is None or (named and named[1] == extra):
            yield requirement.strip()


def _name_in(requirement: str) -> str:
    """ "Jinja2>=3.1.6" -> "Jinja2"."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def _normalize(name: str) -> str:
    """ "lxml_html_clean" -> "lxml-html-clean", as indexes compare names (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).casefold()


def _source(ours: Distribution | None) -> tuple[Path | None, bool]:
    """The existing checkout or wheel that it was installed from, and whether it runs in place (PEP 610)."""
    if ours is None:
        checkout = Path(__file__).parents[2]
        return (checkout, True) if (checkout / "pyproject.toml").is_file() else (None, False)
    text = ours.read_text("direct_url.json")
    if text is None:  # from an index
        return None, False
    origin = json.loads(text)
    url = urlsplit(origin["url"])
    path = Path(url2pathname(url.path))
    if url.scheme != "file" or not path.exists():
        return None, False
    return path, bool(origin.get("dir_info", {}).get("editable"))
