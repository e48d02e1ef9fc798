"""Reading settings from a made-up environment, and what is said when they are refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from strongroom.kernel.errors import ConfigurationError
from strongroom.settings import Settings, load_settings

URL = "postgresql://ada:pass@db.example:5432/bank"
KEY = "k" * 32
PRODUCTION = {
    "ENVIRONMENT": "production",
    "DATABASE_URL": URL,
    "SECRET_KEY": KEY,
    "BANKING_CARD_KEY": KEY,
    "BIOTECH_WEBHOOK_KEY": KEY,
}


def read(**environment: str) -> Settings:
    return load_settings(None, environment)


def refusal(environment: Mapping[str, str], env_file: Path | None = None) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(env_file, environment)
    return str(caught.value)
