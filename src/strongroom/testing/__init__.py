"""Testing: throw-away databases, fixtures, and the claims that hold for every system alike."""
