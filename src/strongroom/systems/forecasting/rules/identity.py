"""What a user's name and address must look like; `normalise_…` brings them into the form that is stored."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from strongroom.kernel.errors import InvalidValue

EMAIL_MAX = 254
FULL_NAME_MAX = 100

_USERNAME = re.compile(r"[A-Za-z0-9_]{3,50}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


def normalise_username(value: Any) -> str:
    """The name without spaces around it, its capitals kept. Raises InvalidValue."""
    name = value.strip() if isinstance(value, str) else ""
    if not _USERNAME.fullmatch(name):
        raise InvalidValue(field="username", reason="must be 3 to 50 letters, digits or underscores")
    return name


def normalise_email(value: Any) -> str:
    """The address in lower case. Raises InvalidValue."""
    email = value.strip() if isinstance(value, str) else ""
    if len(email) > EMAIL_MAX or not _EMAIL.fullmatch(email):
        raise InvalidValue(field="email", reason="must be an email address")
    return email.lower()  # after the match: foreign letters such as the Kelvin sign turn into ASCII ones


def normalise_full_name(value: Any) -> str:
    """Trimmed, in composed Unicode, 1 to 100 characters, no control characters. Raises InvalidValue."""
    name = unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else ""
    if not 0 < len(name) <= FULL_NAME_MAX or not name.isprintable():
        raise InvalidValue(field="full_name", reason=f"must be 1 to {FULL_NAME_MAX} characters that can be printed")
    return name
