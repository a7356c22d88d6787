"""The other product's addresses, with a bare view like ours beside them."""

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import include, path


def bare(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one row by key and answer with 100 bytes, as our own bare view does."""
    person = get_object_or_404(get_user_model(), pk=pk)
    return HttpResponse(person.get_username()[:100].ljust(100), content_type="text/plain; charset=utf-8")


urlpatterns = [path("bare/<int:pk>/", bare), path("survey/", include("survey.urls"))]
