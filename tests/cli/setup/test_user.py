"""`bulletin user`: users of the newsroom, their roles and tokens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulletin.cli.main import cli
from bulletin.errors import BulletinError
from tests.support.newsroom_server import PASSWORD


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a file that holds a password."""
    monkeypatch.chdir(tmp_path)
    Path("password.txt").write_text(f"{PASSWORD}\nnot this line\n", encoding="utf-8")


def user(*args: str) -> Result:
    return CliRunner().invoke(cli, ["user", *args])


def add(name: str, *roles: str) -> Result:
    words = [word for role in roles for word in ("--role", role)]
    return user("add", name, *words, "--password-file", "password.txt")


@pytest.mark.slow
def test_a_user_is_added_listed_changed_and_removed() -> None:
    assert "ann may sign in: admin of all stations" in add("Ann", "admin").output
    assert "No profile is called" in add("bob", "nowhere=editor").output
    token = user("token", "ann", "playout", "--role", "viewer").stdout.splitlines()[0]
    assert len(token) == 43
    listed = json.loads(user("list", "--json").stdout)["users"]
    assert listed[0] == {"name": "ann", "roles": {"*": "admin"}, "browsers": 0, "api_tokens": ["playout"]}
    assert user("roles", "bob", "--role", "viewer").exit_code == 0
    assert user("password", "ann", "--password-file", "password.txt").exit_code == 0
    assert (
        json.loads(user("list", "--json").stdout)["users"][0]["api_tokens"] == []
    )  # ended with the password
    assert user("remove", "bob").exit_code == 0
    actions = [entry["action"] for entry in json.loads(user("audit", "--json").stdout)["audit"]]
    assert actions[:2] == ["user removed", "password changed"]
    assert token not in user("audit").output


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("add", "ann", "--role", "editr", "--password-file", "password.txt"), 'did you mean "editor"'),
        (("add", "ann", "--password-file", "password.txt"), "needs a role"),
        (("add", "ann", "--role", "admin", "--password-file", "none.txt"), "none.txt"),
        (("add", "ann", "--role", "admin"), "--password-file"),
        (("add", "a b", "--role", "admin", "--password-file", "password.txt"), "user's name"),
        (("remove", "nobody"), "no user is called"),
        (("token", "nobody", "x"), "no user is called"),
    ],
)
def test_a_mistake_gets_a_clear_answer(args: tuple[str, ...], message: str) -> None:
    result = user(*args)
    assert isinstance(result.exception, BulletinError)
    assert message in str(result.exception)


@pytest.mark.slow
def test_a_name_is_taken_once_and_a_near_one_is_proposed() -> None:
    add("ann", "viewer")
    assert "already" in str(add("ANN", "admin").exception)
    assert 'did you mean "ann"' in str(user("remove", "anne").exception)
