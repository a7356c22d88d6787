"""A client's whole record as one document, and the requests for it."""
