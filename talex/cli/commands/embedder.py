"""`talex embedder`: which model turns texts into vectors."""

from __future__ import annotations

import sys
from typing import Any

import click
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.cli.progress import finish
from talex.core.actor import SYSTEM
from talex.core.errors import Invalid
from talex.core.models import Job
from talex.fair import embedders
from talex.fair.services import embedders as services


@click.group("embedder", help=_("Which model turns texts into vectors for the matching."))
def command() -> None:
    pass


def _fields() -> list[dict[str, str]]:
    return [
        {"side": str(side), "field": str(name), "what": str(what)}
        for side, name, what in embedders.LEAVES
    ]


def _tell_fields() -> None:
    voice().note(_("These texts leave the house:"))
    for one in _fields():
        voice().note(f"  - {one['side']}: {one['field']} ({one['what']})")


def _options(call: Any) -> Any:
    for option in (
        click.option("--dialect", default="openai", show_default=True,
                     help=_("What a remote service speaks: openai or plain.")),
        click.option("--model", default="", help=_("The model's name at a remote service.")),
        click.option("--target", default="", help=_("The folder, model or address.")),
        click.argument("kind", type=click.Choice(embedders.KINDS)),
    ):  # fmt: skip
        call = option(call)
    return call


@command.command("show", help=_("The model in use, and which fields leave the house."))
@json_option
def show() -> None:
    choice = embedders.chosen()
    kind = choice.kind if choice else "default"
    data: dict[str, Any] = {
        "kind": kind,
        "target": choice.target if choice else "",
        "model": choice.model if choice else "",
        "dimension": choice.dimension if choice else None,
        "leaves": _fields() if kind == "remote" else [],
    }
    text = _("In use: %(kind)s %(target)s") % data
    voice().tell(data, text.strip())
    if voice().as_json:
        return
    if kind == "remote":
        _tell_fields()
    else:
        voice().note(_("Nothing leaves the house."))


def _told(found: dict[str, Any]) -> str:
    return (
        _("Model: %(model)s. Dimension: %(dimension)s. Likeness of words that mean the same: "
          "%(same_meaning)s; of others: %(other_meaning)s.") % found
    )  # fmt: skip


@command.command("test", help=_("Try a model on four words; nothing is chosen."))
@_options
@json_option
def test(kind: str, target: str, model: str, dialect: str) -> None:
    found = services.tried(SYSTEM, services.UseEmbedder(kind, target, model, dialect))
    voice().tell(found, _told(found))


@command.command("use", help=_("Choose a model; vectors are then made anew."))
@_options
@click.option("--confirm", is_flag=True, help=_("The texts may leave the house."))
@click.option("--wait", is_flag=True, help=_("Make the vectors now, not in the background."))
@json_option
def use(kind: str, target: str, model: str, dialect: str, confirm: bool, wait: bool) -> None:
    if kind == "remote":
        _tell_fields()
        if not confirm:
            if not sys.stdin.isatty():
                raise Invalid({"confirm": [_("Add --confirm if these texts may leave the house.")]})
            confirm = click.confirm(_("May they?"), err=True)
    asked = services.use_embedder(
        SYSTEM, services.UseEmbedder(kind, target, model, dialect, confirmed=confirm)
    )
    found = finish(asked, alone=True)
    data: dict[str, Any] = {
        "kind": found["kind"], "dimension": found["dimension"], "job": found["vectors"],
    }  # fmt: skip
    if wait:
        data |= finish(Job.objects.get(pk=found["vectors"]))
    voice().tell(data, _("In use: %(kind)s %(target)s") % {"kind": kind, "target": target})


@command.command("recompute", help=_("Make missing vectors and remove those of other models."))
@json_option
def recompute() -> None:
    done = finish(services.recompute(SYSTEM))
    voice().tell(done, _("Texts looked at: %(texts)s. Vectors removed: %(removed)s.") % done)
