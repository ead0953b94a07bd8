"""What this room does, one file a use case."""
