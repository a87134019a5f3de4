"""Every address of the site. A room adds its own `include` here, an edition's below `/e/`."""

from django.urls import include, path

from talex.api.main import api

urlpatterns = [
    # First: an address is looked for from the top, and programs ask most often.
    path("api/", api.urls),
    path("", include("talex.ui.urls")),
    path("", include("talex.web.pages")),
    path("", include("talex.core.urls")),
    path("", include("talex.ledger.urls")),
    path("account/", include("talex.accounts.urls")),
    path("accounts/", include("talex.accounts.sign_in_urls")),
    path("", include("talex.editions.urls")),
    path("", include("talex.participants.urls")),
    path("", include("talex.participants.importing.urls")),
    path("", include("talex.participants.registering.urls")),
    path("", include("talex.participants.credentials.urls")),
    path("", include("talex.participants.cohorts.urls")),
    path("", include("talex.participants.belonging.urls")),
    path("", include("talex.participants.reach.urls")),
    path("", include("talex.programme.urls")),
    path("", include("talex.meetings.urls")),
    path("", include("talex.fair.urls")),
    path("", include("talex.fair.conversations.urls")),
    path("", include("talex.fair.publishing.urls")),
    path("", include("talex.fair.collecting.urls")),
    path("e/<slug:edition>/", include("talex.bulletin.urls")),
    path("", include("talex.messages.urls")),
    path("", include("talex.messages.webhooks.urls")),
    path("", include("talex.messages.campaigns.urls")),
]

handler400 = "talex.web.nowhere.bad_request"
handler403 = "talex.ui.views.forbidden"
handler404 = "talex.web.nowhere.not_found"
handler500 = "talex.web.nowhere.server_error"
