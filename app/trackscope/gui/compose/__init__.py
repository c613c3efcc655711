"""The workspace in which a request is composed, sent and explained."""
