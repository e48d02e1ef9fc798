"""Parquet files of strangers, read in a process of its own: what is built to crash its reader does so there."""

from strongroom.kernel.files.parquet.apart import ParquetApart
from strongroom.kernel.files.parquet.limits import ParquetLimits

__all__ = ["ParquetApart", "ParquetLimits"]
