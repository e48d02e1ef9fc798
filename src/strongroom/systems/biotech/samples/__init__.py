"""A small market to look at."""

from strongroom.systems.biotech.samples.market import load_samples

__all__ = ["load_samples"]
