"""Tracking plans: which events there are, with which properties, and whether traffic follows."""
