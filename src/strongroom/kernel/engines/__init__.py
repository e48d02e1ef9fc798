"""Engines: the only floor that knows drivers, pools and SQLSTATEs."""

from strongroom.kernel.engines.faults import name_faults
from strongroom.kernel.engines.options import SSL_MODES, DatabaseOptions, SslMode
from strongroom.kernel.engines.pools import build_async_engine, build_engine, driver_arguments
from strongroom.kernel.engines.urls import masked_url, parse_url

__all__ = [
    "SSL_MODES",
    "DatabaseOptions",
    "SslMode",
    "build_async_engine",
    "build_engine",
    "driver_arguments",
    "masked_url",
    "name_faults",
    "parse_url",
]
