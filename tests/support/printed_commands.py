"""Markdown page -> the commands that it prints, in blocks and inside sentences."""

from __future__ import annotations

import re
from pathlib import Path

import bulletin
from bulletin.cli.main import COMMANDS

ROOT = Path(bulletin.__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
PROGRAMS = (
    *(".", "bulletin", "curl", "docker", "make", "pip", "py", "pytest", "python", "rdimport", "ssh-keygen"),
    *("systemctl", "systemd-analyze"),
)
"""First words of commands inside sentences."""

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_VERB = re.compile(
    rf"({'|'.join(COMMANDS)}) (--?[a-z]|(add|find|import|install|list|remove|retry|confirm)\b)"
)
_OPTION = re.compile(r"--?[a-z]")


def block_commands(page: Path) -> list[str]:
    """Commands of console blocks in their order; in the README also the TOML that a reader adds to the profile."""
    steps = []
    for kind, block in _BLOCK.findall(page.read_text("utf-8")):
        if kind == "toml" and page.name == "README.md":
            steps.append(block)
        lines = [line for line in block.splitlines() if line.startswith("$ ") or kind == "powershell"]
        steps += [re.sub(r"\s+#.*", "", line.removeprefix("$ ")) for line in lines]
    return steps


def _spans(page: Path) -> list[str]:
    """Inline code, each once."""
    return list(dict.fromkeys(re.findall(r"`([^`\n]+)`", _BLOCK.sub("", page.read_text("utf-8")))))


def sentence_commands(page: Path) -> list[str]:
    """Commands inside sentences, with their program: "bulletin check", "make docs"."""
    return [
        span
        for span in _spans(page)
        if " " in span and span.split()[0] in PROGRAMS and not _VERB.match(span) and span.split()[1] != "="
    ]


def sentence_options(page: Path) -> list[str]:
    """Options, and commands of `bulletin` without their program: "--now", "script --why", "retry NUMBER"."""
    return [span for span in _spans(page) if _OPTION.match(span) or _VERB.match(span)]


def unknown_programs(page: Path) -> list[str]:
    """Inline code that looks like a command with an option, of a program that PROGRAMS lacks."""
    return [
        span
        for span in _spans(page)
        if re.match(r"[a-z./][\w./-]* (.* )?--?[a-z]", span) and span.split()[0] not in (*PROGRAMS, *COMMANDS)
    ]
