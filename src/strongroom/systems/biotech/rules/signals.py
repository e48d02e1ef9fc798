"""How a signal's type is written."""

from __future__ import annotations

import re

from strongroom.kernel.errors import InvalidValue

#: without the bound of 50 characters, which is the column's
SIGNAL_TYPE_PATTERN = "^[a-z][a-z0-9_]*$"
_SIGNAL_TYPE = re.compile("[a-z][a-z0-9_]{0,49}", re.ASCII)


def check_signal_type(text: str) -> str:
    """A word of a to z, digits and underscores. Raises InvalidValue: the set of types is open, their form is not."""
    if not isinstance(text, str) or not _SIGNAL_TYPE.fullmatch(text):
        raise InvalidValue(field="signal_type", reason="must be at most 50 of a-z, 0-9 and _, beginning with a letter")
    return str(text)
