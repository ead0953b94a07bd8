"""The parcels that the demo walks through their lives."""
