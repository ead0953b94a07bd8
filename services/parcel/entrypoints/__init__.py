"""How the world reaches the parcel service: HTTP, events, commands."""
