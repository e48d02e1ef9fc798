"""The history of biotech's schema: revisions, and the triggers and functions they install."""
