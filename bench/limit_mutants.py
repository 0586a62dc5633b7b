"""
Mutation test of numeric limits: changed numbers that no test detects.

    python -m bench.limit_mutants bulletin/service/http/serve_newest_bulletin.py bulletin/service/on_demand_bulletins.py --count 20 --seed 7
    python -m bench.limit_mutants --since main~40 --count 100

A mutant is a file with one number doubled, halved or moved by one. The tests that import the module, and the tests of
the file of its name, run against the mutant in a copy of the checkout; a mutant survives if they pass. Printed: a line
for each mutant, then the share that was caught. Not every survivor matters (the length of a pause between two checks,
for example): read them.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TIMEOUT_S = 600
_FEW = 6
"""So many test files one process reads sooner than two."""
_HERE = "not net and not judges and not browser and not clients and not faults"
_PLAIN, _SLOW = f"not slow and {_HERE}", f"slow and {_HERE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change of one place."""

    path: Path
    """Relative to the checkout."""
    line: int
    start: int
    """Position of the replaced number, in the UTF-8 bytes of the line."""
    end: int
    old: str
    new: str

    def apply(self, root: Path) -> None:
        """Write it into a checkout."""
        lines = (root / self.path).read_bytes().splitlines(keepends=True)
        line = lines[self.line - 1]
        lines[self.line - 1] = line[: self.start] + self.new.encode() + line[self.end :]
        (root / self.path).write_bytes(b"".join(lines))

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.old} -> {self.new}"


def find_mutants(path: Path, rng: random.Random) -> Iterator[Mutant]:
    """All places of a file, each with one change drawn."""
    source = (ROOT / path).read_bytes()
    tree = ast.parse(source)
    cuts = {part for node in ast.walk(tree) if isinstance(node, ast.Slice) for part in ast.walk(node)}
    for node in (
        part for part in ast.walk(tree) if part not in cuts
    ):  # how many letters of a name are kept is no limit
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in (0, 1):
            yield _number(path, node, rng)


def _number(path: Path, node: ast.Constant, rng: random.Random) -> Mutant:
    value = node.value
    assert isinstance(value, int | float)
    halved = value // 2 if isinstance(value, int) else value / 2
    new = rng.choice([value * 2, halved, value + 1, value - 1])
    assert node.end_col_offset is not None
    return Mutant(
        path=path,
        line=node.lineno,
        start=node.col_offset,
        end=node.end_col_offset,
        old=repr(value),
        new=f"({new!r})",
    )


def tests_of(path: Path) -> list[str]:
    """Test files of the module's name, then those that import it."""
    module = ".".join(path.with_suffix("").parts)
    package, _, name = module.rpartition(".")
    wanted = (f"from {module} import", f"import {module}", f"from {package} import {name}", f'"{module}.')
    tests = {
        test
        for test in (ROOT / "tests").rglob("test_*.py")
        if test.name == f"test_{path.stem}.py" or any(line in test.read_text("utf-8") for line in wanted)
    }
    nearest_first = sorted(tests, key=lambda test: (test.stem != f"test_{path.stem}", test))
    return [str(test.relative_to(ROOT)) for test in nearest_first]


def survives(mutant: Mutant, copy: Path, *, is_quick: bool = False) -> bool:
    """Whether the tests pass with it. Without any test it survives."""
    tests = tests_of(mutant.path)
    if not tests:
        return True
    original = (copy / mutant.path).read_bytes()
    mutant.apply(copy)
    processes = "2" if len(tests) > _FEW else "0"
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-n", processes]
    try:
        for marks in (_PLAIN,) if is_quick else (_PLAIN, _SLOW):
            done = subprocess.run(
                [*command, "-m", marks, *tests],
                cwd=copy,
                env=_environment(copy),
                capture_output=True,
                timeout=_TIMEOUT_S,
                check=False,
            )
            if done.returncode not in (0, 5):  # 5: no test has the mark
                return False
        return True
    except subprocess.TimeoutExpired:
        return False  # it never ends: somebody would notice
    finally:
        (copy / mutant.path).write_bytes(original)


def _environment(copy: Path) -> dict[str, str]:
    # compiled once, beside the copy: each command in a test would compile all of it anew
    return os.environ | {"PYTHONPATH": str(copy), "PYTHONPYCACHEPREFIX": str(copy.parent / "bytecode")}


def _changed_since(commit: str) -> list[Path]:
    command = ["git", "diff", "--name-only", "--diff-filter=d", commit, "--", "bulletin"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return [Path(name) for name in names if name.endswith(".py")]


def _copied(folder: Path) -> Path:
    copy = folder / "checkout"
    hidden = shutil.ignore_patterns(".*", "output", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=hidden)
    return copy


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each mutant and whether it was caught."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().split("\n\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--since", help="in place of files: what changed since this commit")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="plain tests alone, which catch most")
    parser.add_argument(
        "--from", dest="first", type=int, default=1, help="the number of the first mutant to run"
    )
    given = parser.parse_args(arguments)
    rng = random.Random(given.seed)
    files = given.files or _changed_since(given.since or "HEAD~1")
    mutants = [mutant for path in sorted(files) for mutant in find_mutants(path, rng)]
    drawn = sorted(rng.sample(mutants, min(given.count, len(mutants))), key=str)[given.first - 1 :]
    survived = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = _copied(Path(folder))
        for mutant in drawn:
            is_alive = survives(mutant, copy, is_quick=given.quick)
            survived += is_alive
            print(f"{'SURVIVED' if is_alive else 'caught  '} {mutant}", flush=True)
    print(f"{len(drawn) - survived} of {len(drawn)} caught ({len(mutants)} places in {len(files)} files)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
