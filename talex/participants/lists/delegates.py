"""The list of delegates of all organisations."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.participants import rules
from talex.participants.bulk_acts import withdraw_delegates
from talex.participants.choices import Mode
from talex.participants.lists.shared import find_people, noted_export, shown_name
from talex.participants.models import Delegate
from talex.ui.lists import (
    BoolFilter,
    ChoiceFilter,
    Column,
    ListSpec,
)
from talex.ui.templatetags.ui_tags import state as state_sign


def _address(row: Any) -> Any:
    """The address, and that mails to it come back (`warnings.unreachable`)."""
    if not row.mails_back:
        return row.person.email
    return format_html("{} {}", row.person.email, state_sign("warning", _("Mails come back")))


def delegate_list(actor: Actor, edition: Edition) -> ListSpec:
    """Delegates of all organisations."""
    here = {"edition": edition.slug}

    def of(row: Delegate) -> str:
        return reverse(
            "participants:organisation", kwargs={**here, "organisation": row.organisation_id}
        )

    def link(row: Delegate) -> str:
        # An auditor reads of them on the organisation's page; this one is for editing.
        if not rules.can_edit_delegate(actor, row):
            return of(row)
        return reverse("participants:delegate_edit", kwargs={**here, "delegate": row.pk})

    return ListSpec(
        key="delegates",
        default_sort="name",
        search=lambda rows, words: find_people(
            rows, words, "person__email", "organisation__name_line", "title"
        ),
        search_label=_("Search by name, organisation, address"),
        columns=[
            Column(
                key="name",
                label=pgettext_lazy("person", "Name"),
                value=lambda d: shown_name(d.person.name),
                sort="person__name",
                link=link,
                sub="title",
            ),
            Column(
                key="organisation", label=_("Organisation"), sort="organisation__name_line", link=of
            ),
            Column(
                key="email",
                label=_("E-mail address"),
                value="person.email",
                html=_address,
                sort="person__email",
            ),
            Column(key="role", label=_("Role"), value="get_role_display", sort="role"),
            Column(key="mode", label=_("Takes part"), value="get_mode_display", sort="mode"),
            Column(
                key="account",
                label=_("Account"),
                sort="person__user",
                value=lambda d: _("yes") if d.person.user_id else _("no"),
            ),
            Column(key="phone", label=_("Telephone"), value="person.phone", shown=False),
        ],
        filters=[
            ChoiceFilter(key="mode", label=_("Takes part"), choices=Mode.choices),
            BoolFilter(
                key="account", label=_("Has an account"), when=Q(person__user__isnull=False)
            ),
            BoolFilter(key="withdrawn", label=_("Withdrawn"), when=Q(withdrawn_at__isnull=False)),
        ],
        bulk_actions=[withdraw_delegates(edition)],
        exported=noted_export(edition, "delegates"),
        row_label=lambda d: shown_name(d.person.name),
        empty_title=_("No delegates yet"),
        empty_text=_("Delegates act for an organisation. Add them on the organisation's page."),
        empty_url=reverse("participants:organisations", kwargs=here),
        empty_action=_("Go to the organisations"),
        empty_icon="badge",
    )
