"""Addresses of editions."""

from django.urls import path, register_converter

from talex.editions import invitation_pages, office, privacy, views


class Picture:
    """`logo` or `cover`."""

    regex = "logo|cover"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Picture, "picture")
app_name = "editions"

urlpatterns = [
    path("conferences/", office.edition_list, name="list"),
    path("conferences/new/", office.create, name="create"),
    path("rehearsal/sign-in/<str:token>/", views.rehearsal_sign_in, name="rehearsal_sign_in"),
    path("e/<slug:edition>/", views.landing, name="landing"),
    path("e/<slug:edition>/theme.css", views.theme, name="theme"),
    path("e/<slug:edition>/<picture:which>/", views.picture, name="picture"),
    path("e/<slug:edition>/settings/", office.edit, name="edit"),
    path("e/<slug:edition>/settings/privacy/", privacy.page, name="privacy"),
    path("e/<slug:edition>/settings/state/", office.set_state, name="set_state"),
    path("e/<slug:edition>/settings/<picture:which>/", office.set_picture, name="set_picture"),
    path(
        "e/<slug:edition>/settings/<picture:which>/remove/",
        office.remove_picture,
        name="remove_picture",
    ),
    path("e/<slug:edition>/roles/", office.roles, name="roles"),
    path("e/<slug:edition>/roles/<uuid:grant>/revoke/", office.revoke, name="role_revoke"),
    path("invitation/<str:token>/", invitation_pages.invitation, name="invitation"),
    path(
        "e/<slug:edition>/invitations/<uuid:invitation>/send-again/",
        invitation_pages.send_again,
        name="invitation_send_again",
    ),
    path(
        "e/<slug:edition>/invitations/<uuid:invitation>/withdraw/",
        office.withdraw,
        name="invitation_withdraw",
    ),
]
