"""The operator's command: what to look at and what to do when something stands still."""
