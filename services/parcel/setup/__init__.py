"""What a new post office begins with."""
