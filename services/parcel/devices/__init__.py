"""Counters' devices: enrolment and revocation, passes, leased numbers, and the bundles they work by."""
