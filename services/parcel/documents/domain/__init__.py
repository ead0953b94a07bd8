"""What documents say; pure."""
