"""What a command says, to a person or to a script."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.timezone import is_aware, localtime
from rich.console import Console
from rich.table import Table

from talex.core.translated import TranslatedText


class Encoder(DjangoJSONEncoder):
    """Times, ids, decimals, lazy text and translated text as JSON."""

    def default(self, o: Any) -> Any:
        return o.texts() if isinstance(o, TranslatedText) else super().default(o)


@dataclass
class Voice:
    """How this call wants its answer (`ctx.obj`)."""

    as_json: bool = False
    quiet: bool = False

    def tell(self, data: Any, text: str = "") -> None:
        """The result: `data` as JSON for a script, else `text` for a person."""
        if self.as_json:
            click.echo(json.dumps(data, cls=Encoder, ensure_ascii=False, indent=2))
        elif text and not self.quiet:
            click.echo(text)

    def table(
        self, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Any], empty: Any = ""
    ) -> None:
        """Rows of `{key: value}`; `columns` names and orders what a person sees."""
        if self.as_json:
            self.tell(list(rows))
            return
        if not rows:
            click.echo(str(empty))
            return
        table = Table(box=None, pad_edge=False)
        for title in columns.values():
            table.add_column(str(title), overflow="fold")
        for row in rows:
            table.add_row(*(told(row[k]) for k in columns))
        # In a pipe nobody sees the edge of a screen: do not fold at 80 columns.
        Console(width=None if sys.stdout.isatty() else 240).print(table)

    def note(self, text: Any) -> None:
        """What goes on, to standard error, so that it never mixes with the result."""
        if not self.quiet:
            click.echo(str(text), err=True)


def told(value: Any) -> str:
    """A value as a person reads it; a moment in whole seconds of the server's clock, named."""
    if value is None:
        return ""
    if isinstance(value, datetime) and is_aware(value):
        return f"{localtime(value):%Y-%m-%d %H:%M:%S %Z}"
    return str(value)


def voice() -> Voice:
    """The voice of the running command."""
    return click.get_current_context().ensure_object(Voice)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--json`; `talex --json …` says the same for all."""
    from django.utils.translation import gettext as _

    def chosen(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value:
            ctx.ensure_object(Voice).as_json = True

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        return command(*args, **kwargs)

    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=chosen,
        help=_("Answer in JSON, for scripts."),
    )(run)
