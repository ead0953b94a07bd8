"""What the notifications service does, one sentence a file."""
