"""The pages that span screenings and referrals."""
