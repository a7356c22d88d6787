"""`make scan`: wapiti against the running demonstration, signed in as each of the three."""
