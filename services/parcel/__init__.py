"""The counter's side: offices, staff, item numbers, parcels as registered.

Owns: offices and staff, number ranges, parcels, the directory. Publishes: parcel.events, parcel.contacts,
parcel.directory. Consumes: tracking.events. Database: parcel.
"""
