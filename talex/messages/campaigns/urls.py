"""Addresses of campaigns, below an edition."""

from django.urls import path

from talex.messages.campaigns import text_views, views

app_name = "campaigns"
_HERE = "e/<slug:edition>/campaigns/"
_ONE = f"{_HERE}<uuid:campaign>/"
_TEXT = f"{_HERE}texts/<uuid:template>/"

urlpatterns = [
    path(_HERE, views.index, name="list"),
    path(f"{_HERE}new/", views.new, name="new"),
    path(f"{_HERE}texts/", text_views.index, name="texts"),
    path(f"{_HERE}texts/new/", text_views.new, name="new-text"),
    path(_TEXT, text_views.page, name="text"),
    path(f"{_TEXT}edit/", text_views.edit, name="edit-text"),
    path(f"{_TEXT}change/", text_views.change, name="change-text"),
    path(_ONE, views.page, name="campaign"),
    path(f"{_ONE}edit/", views.edit, name="edit"),
    path(f"{_ONE}audience/", views.audience, name="audience"),
    path(f"{_ONE}people/", views.people, name="people"),
    path(f"{_ONE}change/", views.change, name="change"),
    path(f"{_ONE}remove/", views.remove, name="remove"),
]
