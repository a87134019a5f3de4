"""`talex webhook ...`: other systems that are told of events."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.editions.queries import edition_by_slug
from talex.messages.webhooks import events, queries, services
from talex.messages.webhooks.models import Endpoint, State


@click.group("webhook", help=_("Tell other systems of events."))
def command() -> None:
    """Translated above."""


def _row(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.pk,
        "url": endpoint.url,
        "description": endpoint.description,
        "events": endpoint.events if voice().as_json else len(endpoint.events),
        "off": endpoint.off if voice().as_json else endpoint.get_off_display(),
        "failing_since": endpoint.failing_since,
    }


def _find(edition: str, pk: UUID) -> Endpoint:
    return queries.endpoint(SYSTEM, edition_by_slug(SYSTEM, edition), pk)


@command.command("types", help=_("The events there are."))
@json_option
def types() -> None:
    voice().table(
        [{"name": name, "title": str(title)} for name, title in events.choices()],
        {"name": _("Name"), "title": _("Event")},
    )


@command.command("list", help=_("The webhooks of a conference."))
@click.argument("edition")
@json_option
def show(edition: str) -> None:
    rows = queries.endpoints(SYSTEM, edition_by_slug(SYSTEM, edition))
    voice().table(
        [_row(one) for one in rows],
        {
            "id": _("Id"),
            "url": _("Address"),
            "description": _("Whose"),
            "events": _("Events"),
            "off": _("Off"),
            "failing_since": _("Does not answer since"),
        },
        _("No webhooks yet."),
    )


@command.command("add", help=_("Set one up; prints its secret."))
@click.argument("edition")
@click.argument("url")
@click.option("--event", "chosen", multiple=True, help=_("An event; may be repeated. Else all."))
@click.option("--description", default="", help=_("Whose it is."))
@json_option
def add(edition: str, url: str, chosen: tuple[str, ...], description: str) -> None:
    made = services.add_endpoint(
        SYSTEM,
        services.AddEndpoint(
            edition=edition_by_slug(SYSTEM, edition).pk,
            url=url,
            events=chosen or tuple(events.TYPES),
            description=description,
        ),
    )
    voice().tell(_row(made) | {"secret": made.secret}, f"{made.pk}\n{made.secret}")


@command.command("rotate", help=_("A new secret; the old one signs as well for 24 hours."))
@click.argument("edition")
@click.argument("webhook", type=click.UUID)
@json_option
def rotate(edition: str, webhook: UUID) -> None:
    made = services.rotate_secret(SYSTEM, _find(edition, webhook).pk)
    voice().tell({"id": made.pk, "secret": made.secret}, made.secret)


@command.command("switch", help=_("Switch one on or off."))
@click.argument("edition")
@click.argument("webhook", type=click.UUID)
@click.argument("to", type=click.Choice(["on", "off"]))
@json_option
def switch(edition: str, webhook: UUID, to: str) -> None:
    found = services.switch(SYSTEM, _find(edition, webhook).pk, on=to == "on")
    voice().tell(_row(found), _("It is off.") if found.off else _("It is on."))


@command.command("remove", help=_("Remove one, with its log."))
@click.argument("edition")
@click.argument("webhook", type=click.UUID)
@json_option
def remove(edition: str, webhook: UUID) -> None:
    services.remove_endpoint(SYSTEM, _find(edition, webhook).pk)
    voice().tell({"removed": webhook}, _("Removed."))


@command.command("test", help=_("Send an event that is only a test; the worker sends it."))
@click.argument("edition")
@click.argument("webhook", type=click.UUID)
@json_option
def test(edition: str, webhook: UUID) -> None:
    made = services.send_test(SYSTEM, _find(edition, webhook).pk)
    voice().tell({"id": made.pk, "webhook_id": made.message_id}, _("The test is on its way."))


@command.command("log", help=_("What was sent, the newest first."))
@click.argument("edition")
@click.argument("webhook", type=click.UUID)
@click.option("--state", type=click.Choice(State.values), default=None)
@click.option("--limit", default=50, show_default=True, help=_("At most so many."))
@json_option
def log(edition: str, webhook: UUID, state: str | None, limit: int) -> None:
    rows = queries.deliveries(_find(edition, webhook), state or "")[:limit]
    voice().table(
        [
            {
                "id": row.pk,
                "created_at": row.created_at,
                "event": row.event,
                "state": row.state if voice().as_json else row.get_state_display(),
                "attempts": row.attempts,
                "status": row.status,
                "error": row.error,
            }
            for row in rows
        ],
        {
            "id": _("Id"),
            "created_at": _("When"),
            "event": _("Event"),
            "state": _("State"),
            "attempts": _("Attempts"),
            "status": _("Status"),
            "error": _("Answer"),
        },
        _("Nothing was sent yet."),
    )


@command.command("resend", help=_("Send again one delivery, or all that did not arrive."))
@click.argument("edition")
@click.argument("webhook", type=click.UUID)
@click.option("--delivery", type=click.UUID, default=None, help=_("This one only."))
@json_option
def resend(edition: str, webhook: UUID, delivery: UUID | None) -> None:
    count = services.resend(SYSTEM, _find(edition, webhook).pk, delivery)
    told = ngettext("%(count)s is sent again.", "%(count)s are sent again.", count)
    voice().tell({"count": count}, told % {"count": count})
