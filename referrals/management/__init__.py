"""Commands of the referral."""
