"""Trackscope: a debugger for the Mixpanel tracking protocol."""

__version__ = "0.1.0"
