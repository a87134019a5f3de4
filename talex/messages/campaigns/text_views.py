"""The texts of the office: written in several languages, seen as a reader gets them, tried."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from talex.core.errors import Conflict, NotAllowed
from talex.editions.http import EditionRequest
from talex.messages.campaigns import placeholders, queries, rules, texts, trying
from talex.messages.campaigns.forms import TemplateForm
from talex.messages.campaigns.models import Template
from talex.messages.campaigns.views import crumb, holder_asked, parts, tested
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form


def _page(template: Template) -> str:
    here = {"edition": template.edition.slug, "template": template.pk}
    return reverse("campaigns:text", kwargs=here)


def _crumb(edition: str) -> dict[str, Any]:
    return {"label": _("Texts"), "url": reverse("campaigns:texts", kwargs={"edition": edition})}


@require_safe
def index(request: EditionRequest, edition: str) -> HttpResponseBase:
    """All texts."""
    languages = dict(settings.LANGUAGES)
    rows = []
    for one in queries.templates(request.actor, request.edition):
        newest = one.wordings.all()[0]
        rows.append((one, newest, [languages.get(code, code) for code in newest.text]))
    return render(
        request,
        "messages/campaigns/texts.html",
        {
            "rows": rows,
            "may_write": rules.can_write(request.actor, request.edition.pk),
            "crumbs": [crumb(edition), {"label": _("Texts")}],
        },
    )


def new(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Write one."""
    if not rules.can_write(request.actor, request.edition.pk):
        raise NotAllowed
    return service_form(
        request,
        TemplateForm(request.POST or None),
        lambda data, key: texts.add_template(
            request.actor,
            texts.AddTemplate(request.edition.pk, data["name"], data["subject"], data["text"]),
        ),
        success_url=_page,
        success=_("Saved. Look at it as a reader gets it, and send yourself a test."),
        context={
            "heading": _("Write a text"),
            "submit_label": _("Save"),
            "cancel_url": _crumb(edition)["url"],
            "crumbs": [crumb(edition), _crumb(edition), {"label": _("Write a text")}],
        },
    )


def edit(request: EditionRequest, edition: str, template: UUID) -> HttpResponseBase:
    """Write a new version."""
    found = queries.template(request.actor, request.edition, template)
    if not rules.can_write(request.actor, request.edition.pk):
        raise NotAllowed
    newest = queries.wording(found)
    initial = {
        "name": found.name,
        "subject": newest.subject,
        "text": newest.text,
        "based_on": newest.number,
    }
    return service_form(
        request,
        TemplateForm(request.POST or None, initial=initial),
        lambda data, key: texts.edit_template(
            request.actor,
            texts.EditTemplate(
                found.pk,
                data["based_on"] or newest.number,
                data["name"],
                data["subject"],
                data["text"],
            ),
        ),
        success_url=_page(found),
        success=_("Saved. Campaigns that were submitted keep the version they have."),
        context={
            "heading": _("Edit the text"),
            "submit_label": _("Save"),
            "cancel_url": _page(found),
            "crumbs": [
                crumb(edition),
                _crumb(edition),
                {"label": found.name, "url": _page(found)},
                {"label": _("Edit")},
            ],
        },
    )


@never_cache
@require_safe
def page(request: EditionRequest, edition: str, template: UUID) -> HttpResponseBase:
    """One text: a version of it, as it is written and as a real reader gets it."""
    found = queries.template(request.actor, request.edition, template)
    asked = request.GET.get("version", "")
    wording = queries.wording(found, int(asked) if asked.isdecimal() and len(asked) < 9 else None)
    words = (request.GET.get("q") or "").strip()[:100]
    readers = trying.readers(request.actor, request.edition, words)
    chosen = holder_asked(request)
    return render(
        request,
        "messages/campaigns/text.html",
        {
            "template": found,
            "wording": wording,
            "parts": parts(wording),
            "unfit": queries.unfit_drafts(found, wording),
            "for_delegates_only": placeholders.for_delegates_only(wording),
            "versions": found.wordings.all(),
            "readers": readers,
            "words": words,
            "chosen": chosen,
            "preview": trying.preview(request.actor, request.edition, wording, chosen)
            if chosen
            else None,
            "may_write": rules.can_write(request.actor, request.edition.pk),
            "crumbs": [crumb(edition), _crumb(edition), {"label": found.name}],
        },
    )


@require_POST
def change(request: EditionRequest, edition: str, template: UUID) -> HttpResponse:
    """Send a test, offer it no longer, or again."""
    found = queries.template(request.actor, request.edition, template)
    act = request.POST.get("act", "")
    if act == "test":
        wording = queries.wording(found)
        try:
            languages = trying.send_test(
                request.actor, request.edition, wording, holder_asked(request)
            )
        except Conflict as error:
            flash(request, str(error), state="danger")
        else:
            flash(request, tested(request, languages))
    elif act in ("retire", "return"):
        texts.retire_template(request.actor, found.pk, retired=act == "retire")
        flash(request, _("Saved."))
    else:
        raise Http404
    return redirect_after(request, _page(found))
