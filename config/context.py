"""What every template may show about the product itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def product(request: HttpRequest) -> dict[str, Any]:
    """Return whether this is the demonstration, and then whom one can sign in as (read only where shown)."""
    if not settings.DEMO:
        return {"demo": False}
    from config.demo.views import people

    return {"demo": True, "demo_people": people}
