"""`talex demo`: a small rehearsal from end to end, served with a sign-in link a role."""

from __future__ import annotations

import socket
from contextlib import suppress
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import click
from django.conf import settings
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.cli.timing import Steps
from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Invalid, NotFound

SLUG = "demo"
SEED = 1
AFTERNOON = timedelta(hours=14)
LANGUAGES = {"talent": "de", "delegate": "zh-hans"}


@click.command(
    "demo", help=_("Set up a small rehearsal, match, schedule, and serve it on this machine.")
)
@click.option("--port", default=8000, show_default=True, help=_("The port to serve at."))
@click.option("--no-serve", is_flag=True, help=_("Set everything up, then stop."))
@json_option
def command(port: int, no_serve: bool) -> None:
    from django.core.management import call_command

    if not no_serve:
        _check_port(port)
    settings.TALEX_REHEARSAL_SIGN_IN = True
    settings.TALEX_URL = f"http://127.0.0.1:{port}"
    call_command("migrate", verbosity=0)
    slug = _fill()
    links = _links(slug)
    voice().tell({"edition": slug, "links": links}, _told(links))
    if not no_serve:
        _serve(port)


def _check_port(port: int) -> None:
    """Before anything is filled: whether the port can be had. Raises Invalid."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise Invalid(
                {
                    "port": [
                        _(
                            "Port %(port)s cannot be used: %(why)s. Choose another: `make demo "
                            "PORT=%(other)s` or `talex demo --port %(other)s`."
                        )
                        % {"port": port, "why": error, "other": 8077 if port != 8077 else 8078}
                    ]
                }
            ) from error


def _fill() -> str:
    """The slug of a finished demo, made where there is none.

    One that was interrupted stays as it is and another is made beside it.
    """
    from talex.editions.models import Edition
    from talex.engine.meetings.warming import warming
    from talex.meetings.models import TimetableVersion
    from talex.rehearsing.run import Options, whole

    slugs = list(Edition.objects.filter(slug__startswith=SLUG).values_list("slug", flat=True))
    for slug in slugs:
        if TimetableVersion.objects.filter(edition__slug=slug).exists():
            return slug
    slug = SLUG if not slugs else f"{SLUG}-{len(slugs) + 1}"
    steps = Steps()
    with warming() as warm:
        whole(Options("small", SEED, _first_day(), slug, seconds=5), steps, warm)
    steps.end()
    return slug


def _first_day() -> date:
    """So that at any hour some meetings are over and others are still to come.

    Until the afternoon at the venue that is yesterday, afterwards today: the next day then waits.
    """
    from talex.rehearsal.edition import VENUE_ZONE

    return (clock.now().astimezone(ZoneInfo(VENUE_ZONE)) - AFTERNOON).date()


def _links(slug: str) -> dict[str, str]:
    from talex.editions.queries import edition_by_slug
    from talex.editions.roles import Role
    from talex.editions.sign_in_links import MakeSignInLink, make_sign_in_link

    edition = edition_by_slug(SYSTEM, slug)
    links = {}
    for role in Role.values:
        command = MakeSignInLink(edition.pk, role, LANGUAGES.get(role, "en"))
        # The rehearsal has no project owner before somebody registers as one.
        with suppress(NotFound):
            links[role] = make_sign_in_link(SYSTEM, command).url
    return links


def _told(links: dict[str, str]) -> str:
    from talex.editions.roles import Role

    lines = [_("Talex is at %(url)s – sign in as:") % {"url": settings.TALEX_URL}]
    lines += [f"  {Role(role).label}: {url}" for role, url in links.items()]
    lines.append(_("Everybody here is invented. Stop with Ctrl-C; `make demo` starts it again."))
    return "\n".join(lines)


def _serve(port: int) -> None:
    import os

    from talex.cli.installation import server

    # The worker is a process of its own and reads the environment.
    os.environ["TALEX_REHEARSAL_SIGN_IN"] = "1"
    os.environ["TALEX_URL"] = settings.TALEX_URL
    speak = voice()
    server.serve(server.Options(port=port), note=speak.note, ready=lambda address: None)
