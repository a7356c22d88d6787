"""A lead's pages for handing a colleague's caseload over."""
