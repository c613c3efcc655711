"""The window's material: small widgets that know nothing of tracking."""
