"""How people write what a series is made of: moments, amounts, and what they are amounts of."""
