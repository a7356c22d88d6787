"""States for tests, reached through the product's own actions."""
