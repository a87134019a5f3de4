"""`talex person ...`: find records of one person, merge them, take a merge back."""

from __future__ import annotations

from uuid import UUID

import click
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.editions.queries import edition_by_slug
from talex.participants import queries, services
from talex.participants.commands import MergePersons, SayNotSame, UndoMerge
from talex.participants.lists import shown_name
from talex.participants.same import candidate, waiting
from talex.participants.services.comparing import compare_due


@click.group(help=_("Find records of one person, merge them, take a merge back."))
def command() -> None:
    """Translated above."""


@command.command("merge-candidates", help=_("Pairs of records that may be one person."))
@click.argument("edition")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1))
@json_option
def merge_candidates(edition: str, limit: int) -> None:
    here = edition_by_slug(SYSTEM, edition).pk
    compare_due()
    found = [candidate(one) for one in waiting(here)[:limit]]
    people = queries.people({p for one in found for p in (one.first, one.second)})
    told = [
        {
            "first": one.first,
            "second": one.second,
            "names": " = ".join(str(shown_name(people[p].name)) for p in (one.first, one.second)),
            "reasons": list(one.reasons)
            if voice().as_json
            else ", ".join(str(reason) for reason in one.told),
            "weight": one.weight,
        }
        for one in found
    ]
    columns = {
        "first": _("One record"),
        "second": _("The other"),
        "names": _("Names"),
        "reasons": _("Why"),
    }
    voice().table(told, columns, empty=_("No records look alike."))


@command.command("merge", help=_("Merge two records of one person; KEEP stays."))
@click.argument("keep", type=click.UUID)
@click.argument("drop", type=click.UUID)
@json_option
def merge(keep: UUID, drop: UUID) -> None:
    made = services.merge_persons(SYSTEM, MergePersons(keep=keep, drop=drop))
    voice().tell(
        {"merge": made.pk, "keep": keep, "drop": drop},
        _("Merged. To take it back: talex person undo-merge %(id)s") % {"id": made.pk},
    )


@command.command("undo-merge", help=_("Take a merge back."))
@click.argument("merge", type=click.UUID)
@json_option
def undo_merge(merge: UUID) -> None:
    undone = services.undo_merge(SYSTEM, UndoMerge(merge=merge))
    told = {"merge": undone.pk, "keep": undone.keep_id, "drop": undone.drop_id}
    voice().tell(told, _("Taken back: they are two people again."))


@command.command("not-same", help=_("Remember that two records are two people."))
@click.argument("first", type=click.UUID)
@click.argument("second", type=click.UUID)
@json_option
def not_same(first: UUID, second: UUID) -> None:
    services.say_not_same(SYSTEM, SayNotSame(first=first, second=second))
    voice().tell({"first": first, "second": second}, _("Remembered: these are two people."))
