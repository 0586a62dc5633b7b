"""Words that should be heard and words that were heard -> the number of wrong ones, and which."""

from __future__ import annotations

from collections.abc import Sequence


def word_errors(wanted: Sequence[str], heard: Sequence[str]) -> tuple[int, list[str]]:
    """
    Least number of words to replace, leave out or add (Levenshtein), and each as "wanted → heard".

    >>> word_errors("the bridge is shut".split(), "a bridge shut".split())
    (2, ['the → a', 'is → –'])
    """
    costs = [
        [row + column if not row or not column else 0 for column in range(len(heard) + 1)]
        for row in range(len(wanted) + 1)
    ]
    for row, want in enumerate(wanted, 1):
        for column, hear in enumerate(heard, 1):
            costs[row][column] = min(
                costs[row - 1][column] + 1,
                costs[row][column - 1] + 1,
                costs[row - 1][column - 1] + (want != hear),
            )
    row, column, wrong = len(wanted), len(heard), []
    while row or column:
        here = costs[row][column]
        differs = bool(row and column) and wanted[row - 1] != heard[column - 1]
        if row and column and here == costs[row - 1][column - 1] + differs:
            row, column = row - 1, column - 1
            if differs:
                wrong.append(f"{wanted[row]} → {heard[column]}")
        elif row and here == costs[row - 1][column] + 1:
            row -= 1
            wrong.append(f"{wanted[row]} → –")
        else:
            column -= 1
            wrong.append(f"– → {heard[column]}")
    return costs[-1][-1], wrong[::-1]
