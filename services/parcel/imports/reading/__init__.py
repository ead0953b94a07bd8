"""Files as they come, read row by row within bounds."""
