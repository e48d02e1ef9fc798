"""Reads what people send: files of series, and benchmarks."""

from strongroom.systems.forecasting.imports.choices import Choices
from strongroom.systems.forecasting.imports.detecting import Detected, detect_file, prepare_file
from strongroom.systems.forecasting.imports.prepared import Prepared
from strongroom.systems.forecasting.imports.problems import RowProblem
from strongroom.systems.forecasting.imports.storing import (
    UPLOAD,
    patient,
    request_upload,
    spool_path,
    store_prepared,
)

__all__ = [
    "UPLOAD",
    "Choices",
    "Detected",
    "Prepared",
    "RowProblem",
    "detect_file",
    "patient",
    "prepare_file",
    "request_upload",
    "spool_path",
    "store_prepared",
]
