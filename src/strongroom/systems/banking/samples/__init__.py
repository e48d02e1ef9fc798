"""A small made-up bank to look at: four people, their accounts, a few days of money moving."""

from strongroom.systems.banking.samples.people import load_samples

__all__ = ["load_samples"]
