"""Starting from a file: it is chosen, read, and each field is looked at before it is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from talex.core.errors import Invalid, NotFound
from talex.editions.http import EditionRequest
from talex.participants.registering import services
from talex.participants.registering.forms import STEPS, FileForm, plain_typed, wire
from talex.participants.registering.models import Draft
from talex.participants.registering.services import KeepFound, ReadFile
from talex.participants.registering.services.reading import checkable
from talex.participants.registering.values import same
from talex.participants.registering.views.common import page, step_url, with_draft
from talex.participants.registering.views.showing import shown
from talex.ui.flash import flash
from talex.ui.forms import add_errors, redirect_after, service_form


@with_draft
def upload(request: EditionRequest, draft: Draft) -> HttpResponseBase:
    """Choose a file, or go on without."""
    kind = draft.kind
    if kind != "talent":
        raise NotFound
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    first = step_url(request, kind, next(iter(STEPS[kind])))
    return service_form(
        request,
        form,
        lambda data, key: services.read_file(
            request.actor, ReadFile(draft=draft.pk, file=data["file"])
        ),
        success_url=page(request, "found", kind),
        template="participants/registering/file.html",
        context={
            "heading": _("Start from a file?"),
            "submit_label": _("Read the file"),
            "without_url": first,
            "kind": kind,
        },
    )


@with_draft
def check(request: EditionRequest, draft: Draft) -> HttpResponseBase:
    """What was read, from which words; each is kept, edited or left out."""
    kind = draft.kind
    if kind != "talent":
        raise NotFound
    first = step_url(request, kind, next(iter(STEPS[kind])))
    if not hasattr(draft, "reading"):
        return redirect(page(request, "file", kind))
    form = found_form(draft, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if "drop" in request.POST:
            services.drop_reading(request.actor, draft.pk)
            return redirect_after(request, first)
        kept = [name for name in form.names if request.POST.get(f"keep_{name}") == "1"]
        # What is left out need not be right.
        wrong = form.errors.keys() & set(kept)
        form.errors_of_kept(kept)
        if not wrong:
            values = {
                name: plain_typed(
                    form.fields[name].widget.value_from_datadict(request.POST, {}, name)
                )
                for name in kept
            }
            try:
                services.keep_found(
                    request.actor,
                    KeepFound(draft=draft.pk, values=values, seen=_stamps(request, kept)),
                )
            except Invalid as error:
                add_errors(form, error)
            else:
                flash(request, _("Taken over. Now look at each page; what is missing is asked."))
                return redirect_after(request, first)
    return render(
        request,
        "participants/registering/found.html",
        {
            "draft": draft,
            "kind": kind,
            "form": form,
            "heading": _("Is this right?"),
            "items": _items(draft, form, request.POST if request.method == "POST" else None),
            "reading": draft.reading,
        },
        status=422 if request.method == "POST" else 200,
    )


def _stamps(request: EditionRequest, names: list[str]) -> dict[str, int]:
    """Which answers stood beside those that were read."""
    told = {name: request.POST.get(f"stamp_{name}", "") for name in names}
    return {name: int(text) for name, text in told.items() if text.isdecimal() and len(text) < 10}


class FoundForm(forms.Form):
    """The questions that something was read for, filled in with it."""

    def __init__(self, *args: Any, fields: dict[str, forms.Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = list(fields)
        self.fields.update(fields)

    def errors_of_kept(self, kept: list[str]) -> None:
        """Only what is kept must be right."""
        for name in list(self.errors):
            if name in self.names and name not in kept:
                del self.errors[name]


def found_form(draft: Draft, data: Any = None) -> FoundForm:
    """The form of what was read; shown bound, so that what was not understood is marked."""
    read = {one["field"]: one["value"] for one in draft.reading.found}
    fields: dict[str, forms.Field] = {}
    from copy import deepcopy

    for name, step in checkable(draft, read).items():
        field = deepcopy(STEPS[draft.kind][step].base_fields[name])
        field.required = False
        if hasattr(field.widget, "spare"):
            field.widget.spare = 0
        fields[name] = field
    return FoundForm(wire(read, fields) if data is None else data, fields=fields)


def _items(draft: Draft, form: FoundForm, sent: Any) -> list[dict[str, Any]]:
    quotes = {one["field"]: one["quote"] for one in draft.reading.found}
    read = {one["field"]: one["value"] for one in draft.reading.found}
    return [
        {
            "name": name,
            "field": form[name],
            "quote": quotes.get(name, ""),
            "stamp": int(draft.stamps.get(name, 0)),
            "before": []
            if same(draft.values.get(name, ""), read[name])
            else shown(name, draft.values.get(name, "")),
            "keep": sent is None or sent.get(f"keep_{name}") == "1",
        }
        for name in form.names
    ]
