"""A small made-up fund to look at: five companies, eight quarters and more each, in five currencies."""

from strongroom.systems.portfolio.samples.fund import load_samples

__all__ = ["load_samples"]
