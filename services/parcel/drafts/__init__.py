"""Parcels that their senders announce before they bring them, and the sittings at which a counter accepts them."""
