"""Addresses of webhooks, below an edition."""

from django.urls import path

from talex.messages.webhooks import views

app_name = "webhooks"
_HERE = "e/<slug:edition>/webhooks/"
_ONE = f"{_HERE}<uuid:endpoint>/"

urlpatterns = [
    path(_HERE, views.index, name="list"),
    path(f"{_HERE}new/", views.new, name="new"),
    path(_ONE, views.page, name="endpoint"),
    path(f"{_ONE}edit/", views.edit, name="edit"),
    path(f"{_ONE}change/", views.change, name="change"),
    path(f"{_ONE}remove/", views.remove, name="remove"),
    path(f"{_ONE}deliveries/<uuid:delivery>/resend/", views.resend, name="resend"),
]
