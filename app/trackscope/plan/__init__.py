"""Tracking plans: what a product should send, and whether it does. No input or output."""
