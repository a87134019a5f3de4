"""Addresses of messages. The link in mails is short: some programmes break long lines."""

from django.urls import path

from talex.messages import views

app_name = "messages"

urlpatterns = [
    path("account/messages/", views.preferences_page, name="preferences"),
    path("mail/stop/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
