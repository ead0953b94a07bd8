"""The events that services tell each other, a module for each topic's owner.

A released class is frozen: a field with a default may be added; anything else is a V2, sent beside V1 for a release.
"""
