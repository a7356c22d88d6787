"""Listings, consent, the sealed packet and the referral that carries it."""
