"""SQL of the parcel service, a file a table."""
