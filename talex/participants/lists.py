"""The lists of this room: columns, filters, acts in bulk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talex.core.actor import Actor
from talex.core.countries import country_name
from talex.core.masking import mask, masked
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.participants import abroad, rules, services
from talex.participants.bulk_acts import withdraw_delegates, withdraw_organisations
from talex.participants.choices import DEGREE_CHOICES, Mode, OrganisationKind, Paper
from talex.participants.commands import VerifyTalents
from talex.participants.looking.models import Way
from talex.participants.looking.services import note
from talex.participants.models import Delegate, Organisation, PersonName, Talent
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


def shown_name(person_name: str) -> Any:
    """A name, or words that say that there is none."""
    return person_name or _("(without a name)")


def _exported(edition: Edition, what: str) -> Any:
    def told(request: HttpRequest, kind: str, count: int) -> None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        with work():
            record(
                f"participants.{what}_exported",
                actor=actor,
                edition=edition.pk,
                obj=None,
                facts={"kind": kind, "count": count},
            )

    return told


def noted_looks(edition: Edition) -> Any:
    """Notes whose names somebody saw in the list, or took out of it as a file."""

    def told(request: HttpRequest, way: str, rows: Iterable[Any]) -> None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        # A file may hold all rows: their ids alone are read, not the rows a second time.
        persons = (
            rows.values_list("person_id", flat=True)
            if isinstance(rows, QuerySet) and way == Way.FILE
            else (row.person_id for row in rows)
        )
        note(actor, edition.pk, persons, Way(way))

    return told


#: Parts of addresses and numbers.
_OF_CONTACT = re.compile(r"[\d@_]")


def find_people(rows: QuerySet[Any], words: str, *fields: str, whole: bool = True) -> QuerySet[Any]:
    """Rows in whose fields, or in any form of whose person's name, every word is found.

    `whole`: the reader reads contact details in the fields; others must not find out by trying.
    """
    for word in words.split()[:8]:
        names = PersonName.objects.filter(person=OuterRef("person_id"), text__icontains=word)
        found = Q(Exists(names))
        for field in fields if whole or not _OF_CONTACT.search(word) else ():
            found |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(found)
    return rows


def talent_list(actor: Actor, edition: Edition) -> ListSpec:
    """Talents as the office (or a delegate, a partner) goes through them."""
    here = {"edition": edition.slug}
    office = rules.can_list_talents(actor, edition.pk)
    may_create = rules.can_create_talent(actor, edition.pk)
    searched = ["institution", "current_position", "industry", "region"]
    if office:
        # Who may not read addresses must not find people by them either.
        searched += ["person__email", "person__phone"]

    def read(field: str) -> Callable[[Talent], str]:
        """The field as a list shows it: to others than the office without contact details."""
        return lambda t: getattr(t, field) if office else mask(getattr(t, field)).text

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
            label=_("Name"),
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
            value=lambda row: industry_shown(row.industry if office else mask(row.industry).text),
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
            value=lambda t: "; ".join(t.disciplines if office else masked(t.disciplines)),
            shown=False,
        ),
        Column(
            key="skills",
            label=_("Skills"),
            value=lambda t: "; ".join(t.skills if office else masked(t.skills)),
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
            value=lambda t: "; ".join(t.wished_regions if office else masked(t.wished_regions)),
            shown=False,
        ),
        Column(key="mode", label=_("Takes part"), value="get_mode_display", shown=False),
    ]
    filters: list[Any] = [
        ChoiceFilter(key="degree", label=_("Degree"), field="degree_level", choices=DEGREE_CHOICES),
        TextFilter(key="industry", label=_("Industry")),
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
        search=lambda rows, words: find_people(rows, words, *searched, whole=office),
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
        exported=_exported(edition, "talents"),
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
                value=lambda row: industry_shown(row.industry),
                sort="industry",
            ),
            Column(
                key="country",
                label=_("Country"),
                value=lambda row: country_name(row.country),
                sort="country",
                export=lambda row: row.country,
            ),
            Column(key="region", label=_("Region"), sort="region"),
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
        exported=_exported(edition, "organisations"),
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
                label=_("Name"),
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
        exported=_exported(edition, "delegates"),
        row_label=lambda d: shown_name(d.person.name),
        empty_title=_("No delegates yet"),
        empty_text=_("Delegates act for an organisation. Add them on the organisation's page."),
        empty_url=reverse("participants:organisations", kwargs=here),
        empty_action=_("Go to the organisations"),
        empty_icon="badge",
    )


def counted_delegates(edition: UUID) -> Any:
    """How many delegates an organisation has in the edition, for its list."""
    from django.db.models import Count

    return Count(
        "delegates",
        filter=Q(
            delegates__edition_id=edition,
            delegates__withdrawn_at__isnull=True,
            delegates__merged_into__isnull=True,
        ),
    )
