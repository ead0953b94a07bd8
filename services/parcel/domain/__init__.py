"""Rules of registration; pure."""
