"""The scanner's own part: what it reads of a report, what it sends wapiti to."""
