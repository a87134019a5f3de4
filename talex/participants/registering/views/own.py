"""What project owners see of their own: the project, their data, erasing."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.participants.choices import ProjectSeeks
from talex.participants.models import ProjectOwner
from talex.participants.own_data import export_person
from talex.participants.registering import queries
from talex.participants.views.erasing import erase_form
from talex.participants.views.talents import data_file
from talex.participants.words import industry_shown


def own_projects(request: EditionRequest) -> list[ProjectOwner]:
    """The reader's projects here. `NotAllowed` where there are none."""
    found = queries.own_projects(request.actor, request.edition.pk)
    if not found:
        raise NotAllowed(_("You have registered no project at this conference."))
    return found


@require_safe
def project(request: EditionRequest, edition: str) -> HttpResponse:
    """The project as it was told."""
    seeks = dict(ProjectSeeks.choices)
    rows = [
        (
            one,
            [
                (_("Industry"), industry_shown(one.industry)),
                (_("How far it is"), one.get_stage_display()),
                (_("Looks for"), ", ".join(str(seeks[name]) for name in one.seeks)),
                (_("Where"), one.region),
            ],
        )
        for one in own_projects(request)
    ]
    return render(request, "participants/registering/project.html", {"projects": rows})


@require_safe
def data(request: EditionRequest, edition: str) -> HttpResponse:
    """Everything Talex holds of oneself."""
    return data_file(export_person(request.actor, own_projects(request)[0].person_id))


def erase(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Have oneself erased."""
    return erase_form(
        request,
        own_projects(request)[0].person,
        back=reverse("registering:project", kwargs={"edition": edition}),
        after=reverse("editions:landing", kwargs={"edition": edition}),
        own=True,
        data_url=reverse("registering:project_data", kwargs={"edition": edition}),
    )
