"""The list of talents: columns, filters, acts in bulk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from talex.core.actor import Actor
from talex.core.masking import masked
from talex.editions.models import Edition
from talex.participants import queries, rules, services
from talex.participants.choices import DEGREE_CHOICES, Mode, Paper
from talex.participants.commands import VerifyTalents
from talex.participants.lists.shared import (
    Looked,
    find_people,
    noted_export,
    noted_looks,
    shown_name,
)
from talex.participants.models import Talent
from talex.participants.words import (
    degree_name,
    industry_shown,
    languages_shown,
    years_shown,
)
from talex.ui.lists import (
    BoolFilter,
    BulkAction,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    ListSpec,
    TextFilter,
)
from talex.ui.templatetags.ui_tags import state as state_sign


def talent_rows(actor: Actor, edition: Edition) -> QuerySet[Talent]:
    """The rows of the list; `is_reached` says whose contact details the actor may read."""
    whole = rules.read_whole(actor, edition.pk)
    rows = queries.talents(actor, edition.pk).prefetch_related("person__names")
    reached = Value(True) if whole is None else ExpressionWrapper(whole, BooleanField())
    return rows.annotate(is_reached=reached)


def talent_list(actor: Actor, edition: Edition) -> ListSpec:
    """Talents as the office (or a delegate, a partner) goes through them."""
    here = {"edition": edition.slug}
    office = rules.can_list_talents(actor, edition.pk)
    whole = rules.read_whole(actor, edition.pk)
    may_create = rules.can_create_talent(actor, edition.pk)
    searched = ["institution", "current_position", "industry", "region"]
    if office:
        # Who may not read addresses must not find people by them either.
        searched += ["person__email", "person__phone"]

    def read(field: str) -> Callable[[Talent], Any]:
        """The field as the reader sees it: contact details only of whom they may reach."""
        return lambda t: getattr(t, field) if t.is_reached else masked(getattr(t, field))  # type: ignore[attr-defined]

    def link(row: Talent) -> str:
        return reverse("participants:talent", kwargs={**here, "talent": row.pk})

    def verified(row: Any) -> Any:
        if row.withdrawn_at:
            return state_sign("none", _("Withdrawn"))
        return (
            state_sign("ok", _("Verified"))
            if row.is_verified
            else state_sign("none", _("Not verified"))
        )

    columns = [
        Column(
            key="name",
            label=pgettext_lazy("person", "Name"),
            value=lambda t: shown_name(t.person.name),
            sort="person__name",
            link=link,
            sub=read("current_position"),
            export=lambda t: t.person.name,
        ),
        Column(
            key="degree",
            label=_("Degree"),
            value=lambda t: degree_name(t.degree_level),
            sort="degree_level",
        ),
        Column(
            key="institution",
            label=_("Institution"),
            value=read("institution"),
            sort="institution",
        ),
        Column(
            key="industry",
            label=_("Industry"),
            value=lambda row: industry_shown(read("industry")(row)),
            sort="industry",
        ),
        Column(
            key="experience",
            label=_("Years of work"),
            value=lambda t: years_shown(t.experience_years),
            export=lambda t: t.experience_years,
            numeric=True,
            sort="experience_years",
        ),
        Column(key="region", label=_("Region"), value=read("region"), sort="region"),
    ]
    files = [
        Column(
            key="names",
            label=_("All names"),
            shown=False,
            value=lambda t: " / ".join(n.text for n in t.person.names.all()),
        ),
        Column(key="position", label=_("Position"), value=read("current_position"), shown=False),
        Column(
            key="disciplines",
            label=_("Disciplines"),
            value=lambda t: "; ".join(read("disciplines")(t)),
            shown=False,
        ),
        Column(
            key="skills",
            label=_("Skills"),
            value=lambda t: "; ".join(read("skills")(t)),
            shown=False,
        ),
        Column(
            key="languages",
            label=_("Languages"),
            value=lambda t: "; ".join(languages_shown(t.languages)),
            shown=False,
        ),
        Column(
            key="wished_regions",
            label=_("Wished regions"),
            value=lambda t: "; ".join(read("wished_regions")(t)),
            shown=False,
        ),
        Column(key="mode", label=_("Takes part"), value="get_mode_display", shown=False),
    ]
    filters: list[Any] = [
        ChoiceFilter(key="degree", label=_("Degree"), field="degree_level", choices=DEGREE_CHOICES),
        TextFilter(
            key="industry",
            label=_("Industry"),
            apply=lambda rows, value: rows.filter(Looked(rows, whole).has("industry", value)),
        ),
        ChoiceFilter(key="mode", label=_("Takes part"), choices=Mode.choices),
    ]
    if office:
        columns.append(
            Column(
                key="state",
                label=_("State"),
                html=verified,
                sort="is_verified",
                value=lambda t: _("Verified") if t.is_verified else _("Not verified"),
            )
        )
        files += [
            Column(key="email", label=_("E-mail address"), value="person.email", shown=False),
            Column(key="phone", label=_("Telephone"), value="person.phone", shown=False),
            Column(key="source", label=_("Source"), shown=False),
            Column(key="registered", label=_("Registered"), value="created_at", shown=False),
        ]
        filters += [
            BoolFilter(key="verified", label=_("Verified"), field="is_verified"),
            BoolFilter(key="withdrawn", label=_("Withdrawn"), when=Q(withdrawn_at__isnull=False)),
            TextFilter(key="source", label=_("Source")),
            DateRangeFilter(key="since", label=_("Registered"), field="created_at"),
        ]
    return ListSpec(
        key="talents",
        default_sort="name",
        search=lambda rows, words: find_people(rows, words, *searched, whole=whole),
        search_label=_("Search by name, institution, position"),
        columns=[*columns, *files],
        filters=filters,
        bulk_actions=[
            BulkAction(
                key="verify",
                label=_("Verify"),
                icon="check-circle",
                call=lambda who, ids, request: services.verify_talents(
                    who,
                    VerifyTalents(
                        edition=edition.pk, talents=ids, seen=request.POST.get("choice", "")
                    ),
                ),
                choose=_("Which paper did you look at?"),
                choices=Paper.choices,
                confirm=lambda count: (
                    ngettext(
                        "Do you confirm that this person is who they say?",
                        "Do you confirm that these %(count)d people are who they say?",
                        count,
                    )
                    % {"count": count}
                ),
                done=lambda count: (
                    ngettext(
                        "%(count)d person is verified now.",
                        "%(count)d people are verified now.",
                        count,
                    )
                    % {"count": count}
                ),
                allowed=lambda who: rules.can_verify(who, edition.pk),
            )
        ],
        exports=("xlsx", "csv") if office else (),
        exported=noted_export(edition, "talents"),
        seen=noted_looks(edition),
        row_label=lambda t: shown_name(t.person.name),
        empty_title=_("No talents yet"),
        empty_text=_("Talents register themselves, or the office adds them or imports a list.")
        if office
        else _("Talents appear here once they agree to be shown to organisations."),
        empty_url=reverse("participants:talent_new", kwargs=here) if may_create else "",
        empty_action=_("Add a talent") if may_create else "",
        empty_icon="users",
    )
