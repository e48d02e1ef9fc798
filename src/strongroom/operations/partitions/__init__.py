"""Partitions: make those of the years to come, empty the one for all other rows, drop what is over."""

from strongroom.operations.partitions.catalogue import Partition, Span, find_partitions
from strongroom.operations.partitions.checking import Trouble, check_partitions
from strongroom.operations.partitions.creating import Wanted, create_partition, plan_partitions
from strongroom.operations.partitions.dropping import PartitionHasRows, drop_partition, find_expired

__all__ = [
    "Partition",
    "PartitionHasRows",
    "Span",
    "Trouble",
    "Wanted",
    "check_partitions",
    "create_partition",
    "drop_partition",
    "find_expired",
    "find_partitions",
    "plan_partitions",
]
