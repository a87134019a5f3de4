"""Addresses of one's own account."""

from django.urls import path

from talex.accounts import views

app_name = "accounts"

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("phone/remove/", views.remove_phone, name="phone_remove"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<uuid:token>/revoke/", views.revoke_token, name="token_revoke"),
]
