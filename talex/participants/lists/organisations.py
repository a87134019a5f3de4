"""The list of organisations that take part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.countries import country_name
from talex.core.masking import masked
from talex.editions.models import Edition
from talex.participants import abroad, rules
from talex.participants.bulk_acts import withdraw_organisations
from talex.participants.choices import OrganisationKind
from talex.participants.lists.shared import noted_export
from talex.participants.models import Organisation
from talex.participants.words import (
    industry_shown,
)
from talex.ui.lists import (
    ChoiceFilter,
    Column,
    ListSpec,
    TextFilter,
)


def organisation_list(actor: Actor, edition: Edition) -> ListSpec:
    """Organisations that take part."""
    here = {"edition": edition.slug}
    may_create = rules.can_create_organisation(actor, edition.pk)

    def link(row: Organisation) -> str:
        return reverse("participants:organisation", kwargs={**here, "organisation": row.pk})

    return ListSpec(
        key="organisations",
        default_sort="name",
        search=("name_line", "registration_number", "region", "industry"),
        search_label=_("Search by name, number, region"),
        columns=[
            Column(
                key="name",
                label=_("Name"),
                sort="name_line",
                link=link,
                sub=_other_names,
                export=lambda o: o.name_line,
            ),
            Column(key="kind", label=_("Kind"), value="get_kind_display", sort="kind"),
            Column(
                key="industry",
                label=_("Industry"),
                value=lambda row: industry_shown(masked(row.industry)),
                sort="industry",
            ),
            Column(
                key="country",
                label=_("Country"),
                value=lambda row: country_name(row.country),
                sort="country",
                export=lambda row: row.country,
            ),
            Column(
                key="region",
                label=_("Region"),
                value=lambda row: masked(row.region),
                sort="region",
            ),
            Column(
                key="delegates",
                label=_("Delegates"),
                value="delegate_count",
                numeric=True,
                sort="delegate_count",
            ),
            Column(key="registration_number", label=_("Registration number"), shown=False),
            Column(key="website", label=_("Website"), shown=False),
            Column(key="size", label=_("Size"), shown=False),
        ],
        filters=[
            ChoiceFilter(key="kind", label=_("Kind"), choices=OrganisationKind.choices),
            CountryFilter(
                key="country",
                label=_("Country"),
                edition=edition,
                choices=[
                    ("at_home", _("At home")),
                    ("abroad", _("Abroad")),
                    ("unsaid", _("Not yet said")),
                ],
            ),
            TextFilter(key="industry", label=_("Industry")),
            TextFilter(key="region", label=_("Region")),
        ],
        bulk_actions=[withdraw_organisations(edition)],
        exports=("xlsx", "csv") if rules.can_list_delegates(actor, edition.pk) else (),
        exported=noted_export(edition, "organisations"),
        row_label=lambda o: str(o.name),
        empty_title=_("No organisations yet"),
        empty_text=_("Organisations that take part are shown here."),
        empty_url=reverse("participants:organisation_new", kwargs=here) if may_create else "",
        empty_action=_("Add an organisation") if may_create else "",
        empty_icon="building",
    )


@dataclass(frozen=True, kw_only=True)
class CountryFilter(ChoiceFilter):
    """Organisations at home, abroad, or of which nobody has said where they are."""

    edition: Edition | None = None

    def condition(self, queryset: Any, value: Any) -> Q:
        """The rows of the choice."""
        if value == "unsaid":
            return Q(country="")
        assert self.edition is not None
        home = abroad.at_home(self.edition)
        return home & ~Q(country="") if value == "at_home" else ~home


def _other_names(row: Organisation) -> str:
    """The names in other languages than the one shown."""
    shown = str(row.name)
    return " · ".join(text for text in dict.fromkeys(row.name.texts().values()) if text != shown)


def counted_delegates(edition: UUID) -> Any:
    """How many delegates an organisation has in the edition, for its list."""
    return Count(
        "delegates",
        filter=Q(
            delegates__edition_id=edition,
            delegates__withdrawn_at__isnull=True,
            delegates__merged_into__isnull=True,
        ),
    )
