"""`bulletin completion SHELL`: the script that makes a shell complete our commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from bulletin.cli.main import cli


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """
    Print the completion script for SHELL.

    \b
    bash:  bulletin completion bash > ~/.local/share/bash-completion/completions/bulletin
    zsh:   bulletin completion zsh > "${fpath[1]}/_bulletin"
    fish:  bulletin completion fish > ~/.config/fish/completions/bulletin.fish
    """
    kind = get_completion_class(shell)
    if kind is None:  # click.Choice lists only shells that click knows
        raise click.ClickException(f"{shell} is not supported")
    completion = kind(cli, {}, "bulletin", "_BULLETIN_COMPLETE")
    click.echo(completion.source_template % completion.source_vars())
