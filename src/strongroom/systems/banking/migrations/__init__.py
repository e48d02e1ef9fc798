"""The history of banking's schema: revisions, and the triggers and functions they install."""
