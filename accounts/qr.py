"""A QR code as the path of an inline drawing: no image file, no data address, nothing to fetch."""

from dataclasses import dataclass

import qrcode

QUIET_ZONE = 4


@dataclass(frozen=True, slots=True)
class Drawing:
    """How wide it is, in modules, and the path that fills the dark ones."""

    size: int
    path: str


def drawn(text: str) -> Drawing:
    """Draw the text, with the four light modules around it that scanners need."""
    code = qrcode.QRCode(border=QUIET_ZONE, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = [(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return Drawing(size=len(rows), path="".join(f"M{x} {y}h1v1h-1z" for x, y in dark))
