"""Notifications: tells people once, by Telegram or else by SMS, in Khmer or English: of parcels, and sign-in codes.

Owns: contacts, messages and their attempts, sign-in codes on their way, texts, channels.
Publishes: notifications.events. Consumes: parcel.events, parcel.contacts, parcel.codes, parcel.directory,
tracking.events.
Database: notifications.
"""
