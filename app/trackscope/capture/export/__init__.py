"""Exchanges to what other programs read, each format a writer that streams."""
