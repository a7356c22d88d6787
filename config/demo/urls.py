"""The demonstration's own address; config/urls.py has it under `manage.py demo` alone."""

from django.urls import path

from config.demo import views

app_name = "demo"

urlpatterns = [path("sign-in/<uuid:pk>/", views.sign_in, name="sign_in")]
