"""Parcels as registered: taken in, corrected, cancelled, found."""
