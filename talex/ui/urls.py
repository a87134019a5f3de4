"""Addresses of the face. Include at the root: `path("", include("talex.ui.urls"))`."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from talex.ui import views

app_name = "ui"


def styleguide_patterns() -> list[URLPattern]:
    """The page of components and its samples."""
    from talex.ui import styleguide

    return [
        path("styleguide/", styleguide.page, name="styleguide"),
        path("styleguide/list/", styleguide.sample_list, name="styleguide_list"),
        path("styleguide/progress/", styleguide.sample_progress, name="styleguide_progress"),
        path("styleguide/public/", styleguide.public, name="styleguide_public"),
        path("styleguide/error/<int:status>/", styleguide.error, name="styleguide_error"),
    ]


urlpatterns: list[URLPattern] = [
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
]

if settings.DEBUG:
    urlpatterns += styleguide_patterns()
