"""Addresses of people, organizations, one's own details, and sign-in."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
