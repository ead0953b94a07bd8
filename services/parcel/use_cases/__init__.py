"""What the parcel service does, one file a use case."""
