"""Addresses of referrals, the provider's inbox and the directory."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
