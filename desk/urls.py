"""The pages that span screenings and referrals."""

from django.urls import path

from desk import views

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("clients/<uuid:pk>/timeline/", views.client_timeline, name="timeline"),
]
