"""The builder: a draft changed page by page, for admins who write no code."""
