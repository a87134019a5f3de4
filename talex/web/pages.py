"""Addresses of the site's own pages."""

from django.urls import path

from talex.web import views

app_name = "web"

urlpatterns = [
    path("", views.home, name="home"),
    path("e/<slug:edition>/home/", views.edition_home, name="edition_home"),
]
