"""What the JSON documents of a row must look like, where a column cannot say it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from strongroom.kernel.errors import InvalidValue

#: how far two entries that mirror each other, or the diagonal from 1, may be apart
TOLERANCE = 1e-9


def check_correlation_matrix(value: Any) -> None:
    """{"variables": [names], "matrix": [[rows]]}: square, symmetric, 1 on the diagonal, entries from -1 to 1.

    null stands where a series was constant, on the diagonal too. Raises InvalidValue.
    """
    if not isinstance(value, Mapping) or value.keys() != {"variables", "matrix"}:
        raise _misshapen("must be an object of variables and matrix")
    names, matrix = value["variables"], value["matrix"]
    if not isinstance(names, list) or not isinstance(matrix, list):
        raise _misshapen("variables and matrix must be lists")
    if not all(isinstance(name, str) and name for name in names) or len(set(names)) < len(names):
        raise _misshapen("variables must be names, each once")
    size = len(names)
    if len(matrix) != size or any(not isinstance(row, list) or len(row) != size for row in matrix):
        raise _misshapen("matrix must have a row and a column for each variable")
    for at, row in enumerate(matrix):
        for other, entry in enumerate(row):
            if not _is_correlation(entry) or not _are_equal(entry, matrix[other][at]):
                raise _misshapen("entries must be from -1 to 1 or null, the same on both sides of the diagonal")
        if not _are_equal(row[at], 1) and row[at] is not None:
            raise _misshapen("the diagonal must be 1")


def check_finite(value: Any, field: str) -> None:
    """Raises InvalidValue for NaN and Infinity anywhere in a document: JSON has no word for them."""
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidValue(field=field, reason="must hold finite numbers only; null stands for what is not defined")
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            check_finite(part, field)


def _is_correlation(entry: Any) -> bool:
    if entry is None:
        return True
    return isinstance(entry, int | float) and not isinstance(entry, bool) and -1 <= entry <= 1


def _are_equal(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return isinstance(other, int | float) and abs(one - other) <= TOLERANCE


def _misshapen(reason: str) -> InvalidValue:
    return InvalidValue(field="correlation_matrix", reason=reason)
