"""Addresses of this room, all below an edition."""

from django.urls import path

from talex.participants.belonging import views

app_name = "belonging"
_HERE = "e/<slug:edition>/belonging/"

urlpatterns = [
    path(_HERE, views.index, name="list"),
    path(f"{_HERE}ask/", views.ask, name="ask"),
    path(f"{_HERE}<uuid:belonging>/confirm/", views.confirm, name="confirm"),
    path(f"{_HERE}<uuid:belonging>/decline/", views.decline, name="decline"),
    path(f"{_HERE}<uuid:belonging>/take-back/", views.take_back, name="take_back"),
    path(f"{_HERE}end/<uuid:organisation>/", views.end, name="end"),
]
