"""Conformance: what holds for every system alike, so that a sixth one is held to it by a test of three lines."""

from strongroom.testing.conformance.suite import Conformance

__all__ = ["Conformance"]
