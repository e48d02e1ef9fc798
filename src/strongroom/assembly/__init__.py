"""The one place that knows every name: which systems there are, and how settings, database and routes come together."""

from typing import TYPE_CHECKING, Any

from strongroom.assembly.building import Building, build_building, database_options
from strongroom.assembly.keys import secret_key
from strongroom.assembly.systems import SYSTEMS

if TYPE_CHECKING:
    from strongroom.assembly.application import app_from_environment, build_app

__all__ = [
    "SYSTEMS",
    "Building",
    "app_from_environment",
    "build_app",
    "build_building",
    "database_options",
    "secret_key",
]


def __getattr__(name: str) -> Any:
    """The web framework is imported by who asks for an application: most commands need none."""
    if name not in ("app_from_environment", "build_app"):
        raise AttributeError(name)
    from strongroom.assembly import application

    return getattr(application, name)
