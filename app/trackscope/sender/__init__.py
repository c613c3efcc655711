"""Sends requests and brings back what was answered."""
