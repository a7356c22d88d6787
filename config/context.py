"""What every template may show about the product itself."""

from django.conf import settings
from django.http import HttpRequest


def product(request: HttpRequest) -> dict[str, object]:
    """Return whether this is the demonstration."""
    return {"demo": settings.DEMO}
