"""What a setting may hold: the kinds of values and how a setting is declared with its names."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr

Environment = Literal["development", "staging", "production", "testing"]

#: bytes of entropy an HMAC-SHA-256 key needs, RFC 7518 section 3.2
SECRET_KEY_BYTES_MIN = 32


def setting(
    *names: str,
    section: str,
    description: str,
    default: Any = None,
    default_from: Callable[[dict[str, Any]], Any] | None = None,
    default_text: str | None = None,
) -> Any:
    """A field of Settings.

    names: in the environment, the preferred one first. default_from: takes the settings above it instead of
    `default`; default_text says then what it does.
    """
    given: dict[str, Any] = {"default_factory": default_from} if default_from else {"default": default}
    return Field(
        **given,
        validation_alias=AliasChoices(*names),
        description=description,
        json_schema_extra={"section": section, "default_text": default_text},
    )


def _refuse_floats(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("must be a Decimal or a string, since a float is not exact")
    return value


def _check_key_length(value: SecretStr) -> SecretStr:
    length = len(value.get_secret_value().encode())
    if length < SECRET_KEY_BYTES_MIN:
        raise ValueError(
            f"must have at least {SECRET_KEY_BYTES_MIN} bytes, this has {length}; "
            'make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return value


def _split(value: object) -> object:
    """A list may be written as JSON or with commas."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError('must be separated by commas, or be JSON like ["https://a.example"]') from None
    return [part.strip() for part in value.split(",") if part.strip()]


def _check_origin(value: str) -> str:
    """A browser compares origins letter by letter, so a path or a closing slash would never match."""
    parts = urlsplit(value)
    if value != "*" and (parts.scheme not in ("http", "https") or value != f"{parts.scheme}://{parts.netloc}"):
        raise ValueError("must be origins like https://app.example.com, without a path or a slash at the end, or *")
    return value


Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
PositiveSeconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Connections = Annotated[int, Field(ge=1, le=10_000)]
Port = Annotated[int, Field(ge=1, le=65_535)]
Amount = Annotated[
    Decimal, BeforeValidator(_refuse_floats), Field(gt=0, max_digits=19, decimal_places=4, allow_inf_nan=False)
]
Threshold = Annotated[
    Decimal, BeforeValidator(_refuse_floats), Field(ge=0, max_digits=12, decimal_places=2, allow_inf_nan=False)
]
SecretKey = Annotated[SecretStr, AfterValidator(_check_key_length)]
Paths = Annotated[tuple[Path, ...], BeforeValidator(_split)]
SecretKeys = Annotated[tuple[SecretKey, ...], BeforeValidator(_split)]
Origins = Annotated[
    tuple[Annotated[str, AfterValidator(_check_origin)], ...],
    BeforeValidator(_split),
]
