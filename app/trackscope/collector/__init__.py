"""The built-in server that implements the protocol on loopback."""
