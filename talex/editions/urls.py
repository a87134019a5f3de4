"""Addresses of editions."""

from django.urls import path

from talex.editions import views

app_name = "editions"

urlpatterns = [
    path("e/<slug:edition>/", views.landing, name="landing"),
]
