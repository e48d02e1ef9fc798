"""What an address or a name must look like; `normalise_…` also brings it into the form that is stored."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from strongroom.kernel.errors import InvalidValue

EMAIL_MAX = 255
COMPANY_NAME_MAX = 255

_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


def normalise_email(value: Any) -> str:
    """The address in lower case. Raises InvalidValue."""
    email = value.strip() if isinstance(value, str) else ""
    if len(email) > EMAIL_MAX or not _EMAIL.fullmatch(email):
        raise InvalidValue(field="email", reason="must be an email address")
    return email.lower()  # after the match: foreign letters such as the Kelvin sign turn into ASCII ones


def normalise_text(value: Any, field: str, longest: int) -> str:
    """Trimmed, in composed Unicode, 1 to `longest` characters, no control characters. Raises InvalidValue."""
    text = unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else ""
    if not text:
        raise InvalidValue(field=field, reason="must not be blank")
    if len(text) > longest:
        raise InvalidValue(field=field, reason=f"must have at most {longest} characters")
    if not text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        raise InvalidValue(field=field, reason="must not contain control characters")
    return text
