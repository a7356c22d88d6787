"""The speed of the product, as ratios to a bare view that passes the same middleware (`make bench`)."""
