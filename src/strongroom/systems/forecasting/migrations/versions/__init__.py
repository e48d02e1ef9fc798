"""Revisions, oldest first by number; one that was released is never edited."""
