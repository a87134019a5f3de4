"""Addresses of this room: the short ones, and the office's below an edition."""

from django.urls import path

from talex.participants.reach import views

app_name = "reach"
_HERE = "e/<slug:edition>/reach/"

urlpatterns = [
    path("r/<slug:code>/", views.follow, name="follow"),
    path(_HERE, views.index, name="list"),
    path(f"{_HERE}new/", views.new, name="new"),
    path(f"{_HERE}<uuid:link>/", views.page, name="link"),
    path(f"{_HERE}<uuid:link>/close/", views.close, name="close"),
    path(f"{_HERE}<uuid:link>/qr.<str:kind>", views.qr, name="qr"),
]
