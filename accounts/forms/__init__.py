"""What the pages of sign-in and of people accept."""
