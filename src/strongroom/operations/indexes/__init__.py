"""Indexes in use: which are used, which are too many, too few or worn out, and what keeps them quick."""

from strongroom.kernel.indexes import check_indexes, create_indexes, drop_indexes
from strongroom.operations.indexes.advising import Advice, advise
from strongroom.operations.indexes.optimising import Optimised, optimise
from strongroom.operations.indexes.usage import IndexUsage, measure_usage

__all__ = [
    "Advice",
    "IndexUsage",
    "Optimised",
    "advise",
    "check_indexes",
    "create_indexes",
    "drop_indexes",
    "measure_usage",
    "optimise",
]
