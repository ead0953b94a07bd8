"""The three services of the post office; none imports, calls or reads the database of another."""
