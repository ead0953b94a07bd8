"""The tables of tracking, a module each."""
