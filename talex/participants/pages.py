"""What several pages show: facts of a talent in words, a timeline, entries of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.accounts.erasing import is_erased
from talex.accounts.models import User
from talex.core.actor import Actor
from talex.core.cities import city
from talex.core.errors import Invalid
from talex.core.ids import parse
from talex.evidence.queries import history
from talex.evidence.rules import can_withdraw
from talex.evidence.vocabulary import Rung
from talex.participants import availability, queries
from talex.participants.availability import zone_of
from talex.participants.choices import Mode
from talex.participants.models import Talent
from talex.participants.words import (
    degree_name,
    industry_shown,
    language_name,
    languages_shown,
    months_shown,
    pay_shown,
    years_shown,
)

Fact = tuple[Any, Any]


def talent_facts(actor: Actor, talent: Talent) -> list[tuple[Any, list[Fact]]]:
    """The fields that the actor sees, in groups: (heading, [(label, value)])."""
    shown = queries.shown(actor, talent)
    person: list[Fact] = []
    names = shown.get("names", [])
    if len(names) > 1:
        person.append((_("Also written"), ", ".join(n["text"] for n in names[1:])))
    person += _if(shown, "email", _("E-mail address"))
    person += _if(shown, "phone", _("Telephone"))
    # As text: a year is no amount, 1.994 is none in German.
    person += [
        (label, str(year or "")) for label, year in _if(shown, "birth_year", _("Year of birth"))
    ]
    person += _if(shown, "nationality", _("Nationality"))
    person += _if(shown, "region", _("Lives in"))
    if "language" in shown:
        person.append(
            (
                _("Language of letters"),
                language_name(shown["language"]) if shown["language"] else "",
            )
        )
    if "time_zone" in shown:
        person.append((_("Time zone"), city(shown["time_zone"]) if shown["time_zone"] else ""))
    studies = [
        (_("Highest degree"), degree_name(shown["degree_level"])),
        (_("Institution"), shown["institution"]),
        (_("Disciplines"), ", ".join(shown["disciplines"])),
        *(
            (
                degree_name(e["level"]) or _("Degree"),
                ", ".join(str(e[k]) for k in ("institution", "discipline", "year") if e.get(k)),
            )
            for e in shown["education"]
        ),
    ]
    work = [
        (_("Position"), shown["current_position"]),
        *(
            (
                months_shown(post) or _("Post"),
                ", ".join(post[k] for k in ("position", "employer") if post.get(k)),
            )
            for post in shown["experience"]
        ),
        (_("Years of work"), years_shown(shown["experience_years"])),
        (_("Industry"), industry_shown(shown["industry"])),
        (_("Skills"), ", ".join(shown["skills"])),
        (_("Languages"), ", ".join(languages_shown(shown["languages"]))),
    ]
    wishes = [
        (_("Wished regions"), ", ".join(shown["wished_regions"])),
        (_("Wished industries"), ", ".join(map(industry_shown, shown["wished_industries"]))),
        (_("Wished pay"), pay_shown(shown.get("wished_pay") or {})),
        (_("Available"), _span(shown["available_from"], shown["available_until"])),
        (_("Takes part"), Mode(shown["mode"]).label),
        (_("Can be met"), _times(shown, talent)),
        (_("Meetings between"), _span(shown["local_from"], shown["local_until"])),
        (_("Meetings a day at most"), shown["daily_max"]),
    ]
    groups = [
        (_("Person"), person),
        (_("Studies"), studies),
        (_("Work"), work),
        (_("Wishes"), wishes),
    ]
    if unread := shown.get("unread"):
        groups.append((_("Not understood when imported"), list(unread.items())))
    kept: list[tuple[Any, list[Fact]]] = [
        (heading, [fact for fact in facts if fact[1] not in (None, "")])
        for heading, facts in groups
    ]
    return [(heading, facts) for heading, facts in kept if facts]


def _if(shown: dict[str, Any], name: str, label: Any) -> list[Fact]:
    return [(label, shown[name])] if name in shown else []


def _times(shown: dict[str, Any], talent: Talent) -> str:
    """The stretches in which the person can be met, by their own clock, which is named."""
    if not shown["windows"]:
        return ""
    try:
        zone = zone_of(talent.person.time_zone or talent.edition.time_zone)
    except Invalid:
        zone = zone_of(talent.edition.time_zone)
    place = city(zone.key)
    return "; ".join(availability.shown(shown["windows"], zone)) + f" ({place})"


def _span(start: Any, end: Any) -> str:
    from django.utils import formats

    def one(value: Any) -> str:
        if value is None:
            return "…"
        return (
            formats.date_format(value, "SHORT_DATE_FORMAT")
            if hasattr(value, "year")
            else formats.time_format(value, "H:i")
        )

    return "" if start is None and end is None else f"{one(start)} – {one(end)}"


def timeline_of(actor: Actor, talent: Talent) -> list[dict[str, Any]]:
    """The rungs as they were confirmed and withdrawn, in the order they became known."""
    merged = list(Talent.objects.filter(merged_into=talent).values_list("pk", flat=True))
    rows = list(history([talent.pk, *merged]))
    taken_back = {row.withdraws_id for row in rows}
    names = names_of_actors(row.confirmed_by for row in rows)
    events = []
    for row in rows:
        rung = Rung(row.rung).label
        withdrawal = row.withdraws_id is not None
        gone = row.pk in taken_back
        may = not withdrawal and not gone and can_withdraw(actor, row.edition_id, row.confirmed_by)
        by = names.get(row.confirmed_by, "")
        events.append(
            {
                "title": _("Withdrawn: %(rung)s") % {"rung": rung} if withdrawal else rung,
                "when": row.happened_at,
                "text": _("confirmed by %(name)s") % {"name": by} if by else "",
                "icon": "undo" if withdrawal else ("x" if gone else "check"),
                "struck": gone,
                "url": reverse(
                    "participants:evidence_withdraw",
                    kwargs={
                        "edition": talent.edition.slug,
                        "talent": talent.pk,
                        "evidence": row.pk,
                    },
                )
                if may and row.rung != Rung.REGISTERED and row.subject_id == talent.pk
                else "",
            }
        )
    return events


def names_of_actors(actors: Iterable[str]) -> dict[str, Any]:
    """Who confirmed: account id -> name. The machine is called Talex."""
    ids = {one: parse(one) for one in set(actors)}
    people = {
        user.pk: _("an account that was erased") if is_erased(user) else str(user)
        for user in User.objects.filter(pk__in=[i for i in ids.values() if i])
    }
    return {
        one: people.get(found, _("an account that is gone")) if found else "Talex"
        for one, found in ids.items()
    }
