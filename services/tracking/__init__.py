"""The parcel's way: every scan kept for ever, and what the scans add up to.

Owns: scans and journeys, the public page. Publishes: tracking.events.
Consumes: parcel.events, parcel.directory. Database: tracking.
"""
