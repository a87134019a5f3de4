"""The page of components: every part, in both themes and all languages (only with DEBUG)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from talex.core.errors import Conflict, Invalid
from talex.core.translated import TranslatedText
from talex.ui import charts, views
from talex.ui import forms as ui_forms
from talex.ui.flash import flash
from talex.ui.icons import ICONS
from talex.ui.lists import BulkAction, ChoiceFilter, Column, ListSpec, TextFilter, list_view


class SampleForm(forms.Form):
    """One of every widget."""

    name = ui_forms.TranslatedTextField(
        label=pgettext_lazy("styleguide", "What is the activity called?"),
        help_text=pgettext_lazy("styleguide", "In every language your visitors read."),
        max_length=80,
    )
    email = forms.EmailField(
        label=pgettext_lazy("styleguide", "Where can we reach you?"),
        help_text=pgettext_lazy("styleguide", "We write only about this activity."),
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("styleguide", "Which kind is it?"),
        choices=[
            ("fair", pgettext_lazy("styleguide", "Talent fair")),
            ("talk", pgettext_lazy("styleguide", "Talk")),
        ],
        widget=ui_forms.RadioCards(
            texts={
                "fair": pgettext_lazy("styleguide", "Talents and organisations meet at tables."),
                "talk": pgettext_lazy("styleguide", "One speaks, many listen."),
            },
            icons={"fair": "handshake", "talk": "users"},
        ),
    )
    day = ui_forms.DateField(label=pgettext_lazy("styleguide", "On which day?"))
    duration = ui_forms.UnitField(
        label=pgettext_lazy("styleguide", "How long does it take?"),
        unit=pgettext_lazy("styleguide", "minutes"),
        min_value=5,
        max_value=600,
    )
    hall = forms.ChoiceField(
        label=pgettext_lazy("styleguide", "In which hall?"),
        choices=[("", "—"), ("1", "1"), ("2", "2")],
        required=False,
    )
    languages = ui_forms.CheckboxListField(
        label=pgettext_lazy("styleguide", "Which languages are spoken?"),
        choices=[("zh", "中文"), ("en", "English"), ("de", "Deutsch")],
    )
    subjects = ui_forms.TagsField(
        label=pgettext_lazy("styleguide", "Which subjects does it touch?"),
        help_text=pgettext_lazy("styleguide", "Separate them by commas."),
        suggestions=["Seed breeding", "激光机械", "Leichtbau"],
        required=False,
    )
    text = forms.CharField(
        label=pgettext_lazy("styleguide", "What will happen?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    file = ui_forms.FileField(
        label=pgettext_lazy("styleguide", "A file with the details"),
        accept=".csv,.xlsx",
        says=pgettext_lazy("styleguide", "CSV or XLSX, up to 20 MB"),
        required=False,
    )
    agree = forms.BooleanField(label=pgettext_lazy("styleguide", "The organiser may publish this."))


def _charts() -> list[charts.Chart]:
    rungs = (
        (pgettext_lazy("styleguide", "Registered"), 12199),
        (pgettext_lazy("styleguide", "Verified"), 9031),
        (pgettext_lazy("styleguide", "Attended"), 6120),
        (pgettext_lazy("styleguide", "Interviewed"), 3544),
        (pgettext_lazy("styleguide", "Mutual intent"), 811),
    )
    shares = (("Nord", (12, 30, 8)), ("Süd", (22, 4, 19)), ("东", (5, 16, 7)))
    degrees = (
        pgettext_lazy("styleguide", "Bachelor"),
        pgettext_lazy("styleguide", "Master"),
        pgettext_lazy("styleguide", "Doctorate"),
    )
    return [
        charts.Funnel(
            pgettext_lazy("styleguide", "From registration to intent"),
            pgettext_lazy(
                "styleguide",
                "Each bar is a rung; its length is the number of people who reached it.",
            ),
            pgettext_lazy("styleguide", "People"),
            bars=[charts.Bar(label, value) for label, value in rungs],
        ),
        charts.Bars(
            pgettext_lazy("styleguide", "Openings by industry"),
            unit=pgettext_lazy("styleguide", "Openings"),
            bars=[
                charts.Bar(pgettext_lazy("styleguide", "Life science"), 412, url="#"),
                charts.Bar(pgettext_lazy("styleguide", "Aerospace"), 280, url="#"),
                charts.Bar(pgettext_lazy("styleguide", "Seed breeding"), 96, url="#"),
            ],
        ),
        charts.Stacked(
            pgettext_lazy("styleguide", "Talents by region and degree"),
            unit=pgettext_lazy("styleguide", "People"),
            parts=degrees,
            rows=shares,
        ),
        charts.Heat(
            pgettext_lazy("styleguide", "Halls by hour"),
            pgettext_lazy("styleguide", "Tables in use in each hall and hour."),
            pgettext_lazy("styleguide", "Tables"),
            row_labels=("A", "B", "C"),
            column_labels=[f"{h}:00" for h in range(9, 18)],
            values=[
                (4, 12, 20, 18, None, 16, 20, 11, 3),
                (0, 2, 9, 14, None, 20, 19, 8, 1),
                (1, 5, 6, 3, None, 2, 7, 4, 0),
            ],
            full=20,
        ),
    ]


def _save(data: dict[str, Any], key: str) -> str:
    if data["email"].startswith("taken"):
        raise Conflict(pgettext_lazy("styleguide", "Somebody has taken this address meanwhile."))
    if data["duration"] % 5:
        raise Invalid(
            {
                "duration": [
                    pgettext_lazy("styleguide", "The grid of this edition has steps of 5 minutes.")
                ]
            }
        )
    return key


def page(request: HttpRequest) -> HttpResponseBase:
    """Every part. A POST checks the sample form."""
    start = timezone.now()
    context = {
        "crumbs": [
            {"label": "Talex", "url": "/"},
            {"label": pgettext_lazy("styleguide", "Components")},
        ],
        "icons": sorted(ICONS),
        "charts": _charts(),
        "text": TranslatedText({"zh-hans": "国际人才交流大会", "de": "Konferenz"}),
        "facts": {
            pgettext_lazy("styleguide", "Name"): TranslatedText(
                {"zh-hans": "李明", "en": "Li Ming"}
            ),
            pgettext_lazy("styleguide", "Languages"): ["中文", "English"],
            pgettext_lazy("styleguide", "Expected pay"): 15000,
            pgettext_lazy("styleguide", "Registered"): start,
            pgettext_lazy("styleguide", "Remark"): None,
        },
        "tabs": [
            {"label": pgettext_lazy("styleguide", "Overview"), "url": "#tabs", "current": True},
            {"label": pgettext_lazy("styleguide", "Meetings"), "url": "#tabs", "count": 1214},
            {"label": pgettext_lazy("styleguide", "History"), "url": "#tabs"},
        ],
        "events": [
            {
                "title": pgettext_lazy("styleguide", "Registered"),
                "when": start - timedelta(days=9),
                "state": "done",
            },
            {
                "title": pgettext_lazy("styleguide", "Verified"),
                "when": start,
                "state": "now",
                "text": "Li Ming",
            },
            {"title": pgettext_lazy("styleguide", "Attended"), "state": "todo"},
        ],
    }
    bound = request.method == "POST"
    form = SampleForm(request.POST, request.FILES) if bound else SampleForm()
    return ui_forms.service_form(
        request,
        form,
        _save,
        success=pgettext_lazy("styleguide", "Saved."),
        undo_url=lambda _result: reverse("ui:styleguide"),
        success_url=reverse("ui:styleguide"),
        template="ui/styleguide.html",
        context={**context, "submit_label": pgettext_lazy("styleguide", "Check")},
    )


def _nothing(actor: Any, ids: list[Any], request: HttpRequest) -> int:
    return len(ids)


SAMPLE = ListSpec(
    key="permissions",
    columns=[
        Column(
            key="name",
            label=pgettext_lazy("styleguide", "Name"),
            sort="name",
            sub="codename",
            link=lambda row: f"#{row.pk}",
        ),
        Column(
            key="app",
            label=pgettext_lazy("styleguide", "Part"),
            value="content_type.app_label",
            sort="content_type__app_label",
        ),
        Column(key="model", label=pgettext_lazy("styleguide", "Kind"), value="content_type.model"),
        Column(key="pk", label=pgettext_lazy("styleguide", "Number"), sort="pk", numeric=True),
    ],
    filters=[
        ChoiceFilter(
            key="app",
            label=pgettext_lazy("styleguide", "Part"),
            field="content_type__app_label",
            choices=lambda: [
                (name, name)
                for name in Permission.objects.order_by("content_type__app_label")
                .values_list("content_type__app_label", flat=True)
                .distinct()
            ],
        ),
        TextFilter(key="code", label=pgettext_lazy("styleguide", "Code"), field="codename"),
    ],
    search=("name", "codename"),
    bulk_actions=[
        BulkAction(
            key="ok",
            label=pgettext_lazy("styleguide", "Verify"),
            call=_nothing,
            icon="check-circle",
        ),
        BulkAction(
            key="gone",
            label=pgettext_lazy("styleguide", "Remove"),
            call=_nothing,
            icon="trash",
            danger=True,
            confirm=pgettext_lazy("styleguide", "Remove these rows?"),
            lost=pgettext_lazy("styleguide", "Their wishes and their meetings."),
        ),
    ],
    default_sort="name",
    page_size=25,
)


def sample_list(request: HttpRequest) -> HttpResponseBase:
    """A list over what is in every installation."""
    rows = Permission.objects.select_related("content_type")
    return list_view(
        request, SAMPLE, rows, context={"heading": pgettext_lazy("styleguide", "A list")}
    )


def sample_progress(request: HttpRequest) -> HttpResponse:
    """Where the sample progress bar asks for itself: it runs through in a minute."""
    second = timezone.now().second
    return render(
        request,
        "ui/styleguide_progress.html",
        {"value": second * 1000, "done": second >= 55},
    )


def public(request: HttpRequest) -> HttpResponse:
    """A page for visitors, with a hero."""
    return render(request, "ui/styleguide_public.html")


def error(request: HttpRequest, status: int) -> HttpResponse:
    """The error pages."""
    flash(request, pgettext_lazy("styleguide", "Shown for the styleguide."), state="info")
    if status == 500:
        return views.server_error(request)
    if status == 429:
        response: HttpResponse = views.too_many(request)
        return response
    pages = {400: views.bad_request, 403: views.forbidden, 409: views.conflict}
    return pages.get(status, views.not_found)(request)
