"""A file of settings, not there yet."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    return tmp_path / ".env"
