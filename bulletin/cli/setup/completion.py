"""`bulletin completion SHELL`: the script that makes a shell complete our commands."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from bulletin.cli.main import cli

_SHELLS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command("completion")
@click.argument("shell", type=click.Choice(tuple(_SHELLS)))
def command(shell: str) -> None:
    """
    Print the completion script for SHELL.

    \b
    bash:  bulletin completion bash > ~/.local/share/bash-completion/completions/bulletin
    zsh:   bulletin completion zsh > "${fpath[1]}/_bulletin"
    fish:  bulletin completion fish > ~/.config/fish/completions/bulletin.fish
    """
    completion = _SHELLS[shell](cli, {}, "bulletin", "_BULLETIN_COMPLETE")
    click.echo(completion.source_template % completion.source_vars())
