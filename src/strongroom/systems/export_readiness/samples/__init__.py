"""Three made-up businesses to look at, over the real nomenclature."""

from strongroom.systems.export_readiness.samples.businesses import load_samples

__all__ = ["load_samples"]
