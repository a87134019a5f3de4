"""Addresses of messages. The link in mails is short: some programmes break long lines."""

from django.urls import path

from talex.messages import log_views, views

app_name = "messages"

_LOG = "e/<slug:edition>/message-log/"

urlpatterns = [
    path("account/messages/", views.preferences_page, name="preferences"),
    path("account/messages/lift/", views.lift, name="lift_own"),
    path("mail/stop/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path(_LOG, log_views.log_page, name="log"),
    path(f"{_LOG}<uuid:message>/", log_views.message_page, name="message"),
    path(f"{_LOG}<uuid:message>/again/", log_views.send_again, name="again"),
    path(f"{_LOG}<uuid:message>/lift/", log_views.lift, name="lift"),
]
