"""What this room does, a file a sentence."""
