"""What is done with claims."""
