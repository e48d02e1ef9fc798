"""Strongroom: the database layer for financial Python backends."""
