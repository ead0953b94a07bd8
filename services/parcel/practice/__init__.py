"""Practice parcels of programs under test: sealed off from what is live, moved on by hand."""
