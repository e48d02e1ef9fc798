"""The history of export readiness' schema: revisions, and the triggers and functions they install."""
