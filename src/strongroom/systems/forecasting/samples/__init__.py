"""A small office to look at: real exchange rates and made-up figures of one company, with what follows from them."""

from strongroom.systems.forecasting.samples.office import load_samples

__all__ = ["load_samples"]
