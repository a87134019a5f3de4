"""The long work of an edition, for its office."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talex.core import actor as actors
from talex.core.actor import Actor
from talex.core.errors import Conflict, NotAllowed
from talex.core.jobs import cancel, queries, title_of
from talex.core.models import Job, JobState
from talex.editions.http import EditionRequest
from talex.editions.rules import is_office
from talex.ui.lists import BulkAction, ChoiceFilter, Column, DateRangeFilter, ListSpec, list_view
from talex.ui.templatetags.ui_tags import state

STATES = {
    JobState.QUEUED: "none",
    JobState.RUNNING: "info",
    JobState.SUCCEEDED: "ok",
    JobState.FAILED: "danger",
    JobState.CANCELLED: "warning",
}


def _stop(actor: Actor, ids: list[UUID], request: HttpRequest) -> int:
    stopped = 0
    for job_id in ids:
        try:
            cancel(actor, job_id)
        except Conflict:
            continue  # it has ended meanwhile
        stopped += 1
    return stopped


def _spec(kinds: list[str], names: Any) -> ListSpec:
    def link(job: Job) -> str:
        return reverse("core:job", kwargs={"pk": job.pk})

    def progress(job: Job) -> str:
        return job.percent_told

    return ListSpec(
        key="jobs",
        default_sort="-created_at",
        columns=[
            Column(
                key="kind",
                label=gettext_lazy("Work"),
                value=lambda job: title_of(job.kind),
                sort="kind",
                link=link,
                main=True,
            ),
            Column(
                key="state",
                label=gettext_lazy("State"),
                value="get_state_display",
                sort="state",
                html=lambda job: state(
                    STATES[JobState(job.state)], escape(job.get_state_display())
                ),
            ),
            Column(key="progress", label=gettext_lazy("Progress"), value=progress, numeric=True),
            Column(
                key="owner",
                label=gettext_lazy("By"),
                value=lambda job: names.get(job.owner_id, _("Talex itself")),
            ),
            Column(key="created_at", label=gettext_lazy("Queued"), sort="created_at"),
            Column(key="finished_at", label=gettext_lazy("Ended"), sort="finished_at"),
            Column(key="attempts", label=gettext_lazy("Attempts"), numeric=True, shown=False),
            Column(key="error_message", label=gettext_lazy("What went wrong"), shown=False),
        ],
        filters=[
            ChoiceFilter(key="state", label=gettext_lazy("State"), choices=JobState.choices),
            ChoiceFilter(
                key="kind",
                label=gettext_lazy("Work"),
                choices=[(kind, title_of(kind)) for kind in kinds],
            ),
            DateRangeFilter(key="since", label=gettext_lazy("Queued"), field="created_at"),
        ],
        bulk_actions=[
            BulkAction(key="stop", label=gettext_lazy("Stop"), icon="x-circle", call=_stop)
        ],
        empty_title=gettext_lazy("No long work yet"),
        empty_text=gettext_lazy("Imports, matching and timetables are shown here while they run."),
    )


def job_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    """What runs, waits, and has ended."""
    here = request.edition
    if not is_office(request.actor, here.pk):
        raise NotAllowed
    jobs = queries.jobs(request.actor, here.pk)
    kinds = sorted(set(jobs.order_by().values_list("kind", flat=True)))
    owners = {one for one in jobs.order_by().values_list("owner_id", flat=True).distinct() if one}
    spec = _spec(kinds, actors.names_of(owners))
    return list_view(
        request,
        spec,
        jobs,
        context={
            "heading": _("Jobs"),
            "crumbs": [{"label": here.name, "url": f"/e/{edition}/"}, {"label": _("Jobs")}],
        },
    )
