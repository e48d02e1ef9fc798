"""The history of portfolio's schema: revisions, and the triggers, functions and partitions they install."""
