"""The product's addresses, and the bare view that everything is measured against."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import include, path

from accounts.models import Organization

BYTES = 100


def bare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read one row by key and answer with 100 bytes: all else is what every request passes."""
    row = get_object_or_404(Organization, pk=pk)
    return HttpResponse(row.name[:BYTES].ljust(BYTES), content_type="text/plain; charset=utf-8")


urlpatterns = [path("bare/<uuid:pk>/", bare, name="bare"), path("", include("config.urls"))]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.refused"
handler404 = "config.errors.missing"
handler500 = "config.errors.broken"
