"""Customs: what items sent abroad hold, told ahead; charges and papers of the items that come in."""
