"""Notifications: tells people about their parcels once, by Telegram or else by SMS, in Khmer or English.

Owns: contacts, messages and their attempts, texts, channels.
Publishes: notifications.events. Consumes: parcel.events, parcel.contacts, parcel.directory, tracking.events.
Database: notifications.
"""
