"""`talex languages`: which languages the face speaks, and whether it can."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from talex.cli.codes import VerificationFailed
from talex.cli.output import json_option, voice
from talex.core.catalogues import compile_all, rooms, uncompiled
from talex.core.catalogues.store import forms, languages, read


@click.command(
    "languages",
    help=_("Show how much of each language is translated; --compile makes the files Talex reads."),
)
@click.option("--compile", "compiling", is_flag=True, help=_("Compile what is new."))
@json_option
def command(compiling: bool) -> None:
    if compiling:
        compile_all()
    counts: dict[str, list[int]] = {}
    for room in rooms():
        for language in languages(room):
            messages = [m for m in read(room.catalogue(language), language) if m.id]
            done, total = counts.setdefault(language, [0, 0])
            counts[language] = [
                done + sum(all(forms(m.string)) and not m.fuzzy for m in messages),
                total + len(messages),
            ]
    stale = [str(path) for path in uncompiled()]
    rows = [
        {"language": language, "translated": done, "messages": total}
        for language, (done, total) in sorted(counts.items())
    ]
    if voice().as_json:
        voice().tell({"languages": rows, "uncompiled": stale})
    else:
        voice().table(
            rows,
            {
                "language": _("Language"),
                "translated": _("Translated"),
                "messages": pgettext("catalogue", "Messages"),
            },
        )
        if stale:
            voice().note(
                ngettext(
                    "%(count)s catalogue is not compiled: talex languages --compile",
                    "%(count)s catalogues are not compiled: talex languages --compile",
                    len(stale),
                )
                % {"count": len(stale)}
            )
    if stale:
        raise VerificationFailed
