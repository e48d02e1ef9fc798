"""The one place that knows every name: which systems there are, and how settings, database and routes come together."""

from strongroom.assembly.application import app_from_environment, build_app
from strongroom.assembly.building import Building, build_building, database_options
from strongroom.assembly.keys import secret_key
from strongroom.assembly.systems import SYSTEMS

__all__ = [
    "SYSTEMS",
    "Building",
    "app_from_environment",
    "build_app",
    "build_building",
    "database_options",
    "secret_key",
]
