"""What holds for every page: words, markup, structure."""
