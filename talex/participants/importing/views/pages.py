"""The list of imports, the upload, and the one page of an import in each of its states."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from talex.core.errors import NotAllowed
from talex.core.jobs import cancel as cancel_job
from talex.editions.http import EditionRequest
from talex.participants.importing import queries, services
from talex.participants.importing.forms import UploadForm
from talex.participants.importing.models import Import, ImportState
from talex.participants.importing.notes import Note
from talex.participants.importing.registry import target_of
from talex.participants.importing.rules import can_import
from talex.participants.importing.views.common import context, found, url
from talex.participants.importing.views.mapping import mapping_page
from talex.participants.importing.views.preview import preview_page
from talex.ui.flash import flash
from talex.ui.forms import service_form
from talex.ui.lists import ChoiceFilter, Column, ListSpec, list_view
from talex.ui.templatetags import ui_tags

_LOOKS = {
    ImportState.APPLIED: "ok",
    ImportState.PREVIEWED: "info",
    ImportState.FAILED: "danger",
}


def _spec(slug: str, may_import: bool) -> ListSpec:
    return ListSpec(
        key="imports",
        default_sort="-created",
        search=("file_name", "source"),
        columns=[
            Column(key="file", label=_("File"), value="file_name", sort="file_name", link=url),
            Column(
                key="target",
                label=_("Rows of"),
                value=lambda one: target_of(one.target).label,
                sort="target",
            ),
            Column(key="source", label=_("Source"), value="source", sort="source"),
            Column(
                key="state",
                label=_("State"),
                html=lambda one: ui_tags.state(
                    _LOOKS.get(one.state, "none"), one.get_state_display()
                ),
                value="get_state_display",
                sort="state",
            ),
            Column(key="created", label=_("Uploaded"), value="created_at", sort="created_at"),
        ],
        filters=[ChoiceFilter(key="state", label=_("State"), choices=ImportState.choices)],
        empty_title=_("Nothing imported yet"),
        empty_icon="upload",
        empty_text=_("Bring in the lists you have: talents, organisations, openings."),
        empty_url=reverse("importing:new", kwargs={"edition": slug}) if may_import else "",
        empty_action=_("Import a file"),
    )


def import_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    """All imports of the edition."""
    may_import = can_import(request.actor, request.edition)
    return list_view(
        request,
        _spec(edition, may_import),
        queries.imports(request.actor, request.edition),
        context={
            "heading": _("Imports"),
            "crumbs": [{"label": _("Imports")}],
            "actions_template": "participants/importing/_list_actions.html",
            "may_import": may_import,
        },
    )


def new(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Upload a file."""
    if not can_import(request.actor, request.edition):
        raise NotAllowed
    targets = queries.targets_for(request.actor, request.edition)
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        targets=targets,
        initial={"target": request.GET.get("target", "")},
    )
    back = reverse("importing:imports", kwargs={"edition": edition})
    return service_form(
        request,
        form,
        lambda data, key: services.upload_import(
            request.actor,
            services.UploadFile(request.edition.pk, data["target"], data["file"], data["source"]),
        ),
        success_url=url,
        context={
            "heading": _("Import a file"),
            "intro": _("Nothing is brought in before you have seen every row."),
            "submit_label": _("Upload"),
            "cancel_url": back,
            "crumbs": [{"label": _("Imports"), "url": back}, {"label": _("Import a file")}],
        },
    )


def page(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """The import as far as it has come."""
    one = found(request, pk)
    choosing = one.state in (ImportState.UPLOADED, ImportState.MAPPED)
    if choosing or (one.state == ImportState.PREVIEWED and "columns" in request.GET):
        return mapping_page(request, one)
    if one.state in (ImportState.PARSING, ImportState.APPLYING):
        if not queries.standstill(one):
            job = queries.job_of(one)
            return render(
                request, "participants/importing/working.html", context(request, one, job=job)
            )
        if one.state == ImportState.PARSING:
            return mapping_page(request, one)
    if one.state in (ImportState.PREVIEWED, ImportState.APPLYING):
        return preview_page(request, one)
    if one.state == ImportState.APPLIED:
        return render(
            request, "participants/importing/result.html", context(request, one, **_result(one))
        )
    failure = Note.from_json(one.failure).message if one.failure else ""
    return render(
        request, "participants/importing/ended.html", context(request, one, failure=failure)
    )


def _result(one: Import) -> dict[str, Any]:
    target = target_of(one.target)
    created = one.result.get("created", {})
    return {
        "created": sum(n for label, n in created.items() if label.endswith(f".{one.target}")),
        "newcomers": queries.organisations_made(one),
        "organisations_url": reverse(
            "participants:organisations", kwargs={"edition": one.edition.slug}
        ),
        "rows": one.result.get("rows", {}),
        "understood": queries.understood(one),
        "list_url": target.list_url(one.edition),
        "target": target,
    }


@require_GET
def progress(request: EditionRequest, edition: str, pk: UUID) -> HttpResponse:
    """The progress bar, asked for each second; when the work has ended, the page loads again."""
    one = found(request, pk)
    job = queries.job_of(one)
    busy = one.state in (ImportState.PARSING, ImportState.APPLYING) and not queries.standstill(one)
    response = render(
        request, "participants/importing/_progress.html", {"one": one, "job": job, "busy": busy}
    )
    if not busy:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def stop(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Stop the work that goes on; what is staged stays."""
    one = found(request, pk)
    job = queries.job_of(one)
    if job is not None and not job.finished:
        cancel_job(request.actor, job.pk)
    return redirect(url(one))


@require_POST
def go_on(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Read on where reading stopped."""
    one = services.read_again(request.actor, found(request, pk).pk)
    return redirect(url(one))


@require_POST
def cancel(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Give the import up."""
    services.cancel_import(request.actor, services.CancelImport(found(request, pk).pk))
    flash(request, _("The import was given up. The file and its rows are deleted."), state="info")
    return redirect("importing:imports", edition=edition)


@require_POST
def apply(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Bring in what was looked at."""
    one = found(request, pk)
    revision = request.POST.get("revision", "")
    services.apply_import(
        request.actor,
        services.ApplyImport(one.pk, int(revision) if revision.isdecimal() else -1),
    )
    return redirect(url(one))
