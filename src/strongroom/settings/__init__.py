"""Settings: the one floor that reads the environment and `.env`; everything below is told what it needs."""

from strongroom.settings.documentation import SettingRow, describe, render_documentation
from strongroom.settings.model import Settings
from strongroom.settings.reading import load_settings

__all__ = ["SettingRow", "Settings", "describe", "load_settings", "render_documentation"]
