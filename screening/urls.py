"""Addresses of clients, screenings and questionnaires."""

from django.urls import include, path

urlpatterns = [
    path("questionnaires/", include("screening.questionnaire_urls")),
]
