"""The ways to a phone: one file a provider."""
