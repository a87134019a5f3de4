"""`talex sign-in-link`: sign in to a rehearsal in any role, without a password."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.editions import queries
from talex.editions.roles import Role
from talex.editions.sign_in_links import LASTS, MakeSignInLink, make_sign_in_link


@click.command(help=_("A link that signs in to a rehearsal in a role. For rehearsals only."))
@click.option("--edition", "slug", required=True, help=_("The short name of the conference."))
@click.option("--role", required=True, type=click.Choice(Role.values), help=_("In which role."))
@click.option("--as-language", default="en", show_default=True,
              help=_("The language of an account that is made for it."))  # fmt: skip
@json_option
def command(slug: str, role: str, as_language: str) -> None:
    edition = queries.edition_by_slug(SYSTEM, slug)
    link = make_sign_in_link(SYSTEM, MakeSignInLink(edition.pk, role, as_language))
    voice().tell(
        {
            "url": link.url,
            "role": role,
            "name": str(link.user),
            "expires_in_seconds": int(LASTS.total_seconds()),
        },
        link.url,
    )
