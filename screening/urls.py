"""Addresses of clients, screenings and questionnaires."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
