"""What hostile people type, by what it is."""

# None of these can be stored: a field that takes text refuses each, beside the field.
UNSTORABLE = {
    "a NUL": "kept words\0",
    "a turned direction": "kept words\u202eexe",
    "a right-to-left mark": "\u200fkept words",
    "a control character": "kept words\x1b[2J",
    # What a lone surrogate's bytes, or any other damaged ones, are read as.
    "damaged bytes": "kept words\ufffd",
}

# Whatever these are to a field, they are never more than a refusal.
ODD = {
    "an unknown choice": "no such choice",
    "far too many digits": "9" * 5_000,
    "a huge exponent": "1e999999999",
    "not a number": "NaN",
    "infinity": "-Infinity",
    "a number below": "-1",
    "a number of other digits": "\u0663\u0662",
    "a day that is none": "0000-00-00",
    "a month that is none": "99/99/9999",
    "a year too far": "10000-01-01",
    "a last day": "12/31/9999 11:59 PM",
    "a list": "[]",
    "an object": '{"a": {"b": null}}',
    "an id": "00000000-0000-0000-0000-000000000000",
    "an id in braces": "{00000000000000000000000000000000}",
    "a way out": "../../../../etc/passwd\\..\\..",
    "a query": "' OR 1=1; DROP TABLE screening_client; --",
    "a template": "{{ request.user.password }}{% debug %}%(name)s{0.__class__}",
    "nothing to see": "\u200b\u2060\ufeff",
    "a separator of lines": "one\u2028two\u2029three\x85four",
    "stacked marks": "a" + "\u0301" * 3_000,
    "a long word": "w" * 100_000,
    "astral letters": "\U0010ffff\U000e0001\U0001f469",
    "blanks": " \t\r\n\x0b\x0c ",
}

# Bytes of a form's body that no browser sends.
DAMAGED = {
    "half a character": b"%ed%a0%80",
    "bytes that are no UTF-8": b"%ff%fe%c0%80",
    "a broken escape": b"%zz%",
    "nothing but signs": b"&&==&=;",
}
DEEP = b"[" * 5_000 + b"]" * 5_000
TEN_MEGABYTES = b"w" * 10_000_000
MANY_FIELDS = b"&".join(b"f%d=1" % number for number in range(100_000))
