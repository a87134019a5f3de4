"""`talex user ...`: make and list accounts, appoint site administrators."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talex.accounts import queries, services
from talex.accounts.models import User
from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.messages import also


def _told(user: User) -> dict[str, object]:
    names = ("email", "name", "language", "time_zone", "is_site_admin", "is_active")
    return {"id": user.pk, **{name: getattr(user, name) for name in names}}


@click.group(help=_("Make and list accounts; appoint site administrators."))
def command() -> None:
    """Translated above."""


@command.command("create", help=_("Make an account. Its e-mail address counts as confirmed."))
@click.argument("email")
@click.option("--name", default="", help=_("The person's name."))
@click.option("--admin", is_flag=True, help=_("Make it a site administrator."))
@click.option("--user-language", default="",
              help=_("The language of pages and mails: zh-hans, en or de. Without it, the language "
                     "of the browser in which the person first signs in."))  # fmt: skip
@click.option("--time-zone", default="UTC", show_default=True, help=_("The person's time zone."))
@click.option("--password", envvar="TALEX_PASSWORD",
              help=_("Else it is asked for; TALEX_PASSWORD is read as well."))  # fmt: skip
@click.option("--no-password", is_flag=True,
              help=_("None; the person sets one through “Forgot your password?”."))  # fmt: skip
@json_option
def create(
    email: str,
    name: str,
    admin: bool,
    user_language: str,
    time_zone: str,
    password: str | None,
    no_password: bool,
) -> None:
    if password is None and not no_password:
        password = click.prompt(_("Password"), hide_input=True, confirmation_prompt=True, err=True)
    user = services.create_user(
        SYSTEM,
        services.CreateUser(
            email=email,
            name=name,
            language=user_language,
            time_zone=time_zone,
            password=None if no_password else password,
            site_admin=admin,
        ),
    )
    voice().tell(_told(user), _("The account %(email)s is made.") % {"email": user.email})


@command.command("list", help=_("All accounts."))
@json_option
def list_users() -> None:
    columns = {
        "email": _("E-mail address"),
        "name": pgettext("person", "Name"),
        "language": _("Language"),
        "is_site_admin": _("Site administrator"),
    }
    rows = [_told(user) for user in queries.users(SYSTEM)]
    if not voice().as_json:
        rows = [{**row, "is_site_admin": _("yes") if row["is_site_admin"] else ""} for row in rows]
    voice().table(rows, columns, empty=_("There is no account yet. Make one: talex user create"))


@command.command("grant-admin", help=_("Make somebody a site administrator."))
@click.argument("email")
@click.option("--revoke", is_flag=True, help=_("Take it back instead."))
@json_option
def grant_admin(email: str, revoke: bool) -> None:
    user = services.set_site_admin(
        SYSTEM, services.SetSiteAdmin(email=email, site_admin=not revoke)
    )
    words = (
        _("%(email)s is no site administrator any more.")
        if revoke
        else _("%(email)s is a site administrator.")
    )
    voice().tell(_told(user), words % {"email": user.email})


@command.command("handle", help=_("Say which member of WeCom an account is; without one, none."))
@click.argument("email")
@click.argument("member", default="")
@json_option
def handle(email: str, member: str) -> None:
    also.set_handle(SYSTEM, also.SetHandle(email=email, handle=member))
    words = (
        _("%(email)s is reached by WeCom as %(member)s.")
        if member
        else _("%(email)s is not reached by WeCom any more.")
    )
    voice().tell({"email": email, "member": member}, words % {"email": email, "member": member})
