"""Indexes: which there should be, which there are, how they are built, and which of them a query uses."""

from strongroom.kernel.indexes.building import check_indexes, create_indexes, drop_indexes
from strongroom.kernel.indexes.catalogue import StoredIndex, read_indexes
from strongroom.kernel.indexes.declared import DeclaredIndex, declared_indexes
from strongroom.kernel.indexes.plans import Plan, PlanNode, explain

__all__ = [
    "DeclaredIndex",
    "Plan",
    "PlanNode",
    "StoredIndex",
    "check_indexes",
    "create_indexes",
    "declared_indexes",
    "drop_indexes",
    "explain",
    "read_indexes",
]
