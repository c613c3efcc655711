"""What the program is doing now, and its use cases; no Qt."""
