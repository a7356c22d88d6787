"""Parts of pages that span screenings and referrals."""
