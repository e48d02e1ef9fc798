"""What an office decides for itself: where models are kept, how long the door stays shut. settings.py fills it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ForecastingOptions:
    """models_folder: where trained models lie. model_bytes_max: no file of a model is larger.

    sign_in_attempts: wrong passwords before a user is locked out for lockout.
    backtest_windows: how many times, at most, the end of a series is hidden from a model to see how well it does.
    uploads_folder: where files wait that are stored in the background; upload_bytes_max: no file is larger.
    upload_bytes_at_once: a larger file is stored in the background.
    """

    models_folder: Path = Path(".strongroom/forecasting/models")
    model_bytes_max: int = 16 * 1024 * 1024
    sign_in_attempts: int = 5
    lockout: timedelta = timedelta(minutes=15)
    backtest_windows: int = 3
    uploads_folder: Path = Path(".strongroom/forecasting/uploads")
    upload_bytes_max: int = 200 * 1024 * 1024
    upload_bytes_at_once: int = 2 * 1024 * 1024


DEFAULTS = ForecastingOptions()
