"""Staff and their sessions, and the directory that every service keeps a copy of."""
