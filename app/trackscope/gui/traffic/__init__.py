"""Traffic, the workspace of what was captured and of what arrives."""
