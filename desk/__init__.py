"""The pages that span the product: home, a client's timeline, counts."""
