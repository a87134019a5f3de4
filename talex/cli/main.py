"""`talex ...`: one module of `talex.cli.commands` a subject, loaded when it is asked for.

Exit codes: 0 done, 1 fault, 2 usage, 3 invalid input, 4 not found, 5 not allowed, 6 conflict,
7 verification failed, 130 cancelled.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import Any

import click

from talex import __version__
from talex.cli.codes import (
    CANCELLED,
    CONFLICT,
    FAULT,
    INVALID,
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_VERIFIED,
    OK,
    VerificationFailed,
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talex.settings.production")


def set_up() -> None:
    """Start Django once."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _language_of_terminal() -> str:
    """The language of `TALEX_LANGUAGE`, else of the terminal's locale, as Talex writes it."""
    from django.utils.translation import get_supported_language_variant

    set_up()  # a catalogue is looked for in every room
    for name in ("TALEX_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").split(".")[0].replace("_", "-").lower()
        if value in {"", "c", "posix"}:
            continue
        try:
            return get_supported_language_variant({"zh": "zh-hans"}.get(value, value))
        except LookupError:
            continue
    return "en"


_SPOKEN = "talex.language"


def speak(ctx: click.Context, language: str) -> None:
    """Start Django and speak the language from here on."""
    from django.utils import translation

    set_up()
    translation.activate(language)
    ctx.meta[_SPOKEN] = language


def _choose_language(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
    from django.conf import settings

    known = dict(settings.LANGUAGES)
    if value is not None and value not in known:
        raise click.BadParameter(", ".join(known), ctx=ctx, param=param)
    language = value or _language_of_terminal()
    speak(ctx, language)
    return language


class Commands(click.Group):
    """The group of all subjects; loads the module of the one that was named."""

    def get_help(self, ctx: click.Context) -> str:
        # Translated now: when this module is loaded the language is not known yet, and where
        # `--help` stands first, `--language` has not been read yet either.
        from django.utils.translation import gettext as _

        if not ctx.meta.get(_SPOKEN):
            speak(ctx, _language_of_terminal())
        self.help = _("Talex runs international talent exchange conferences.")
        words = {
            "language": _("The language to speak: zh-hans, en or de."),
            "as_json": _("Answer in JSON, for scripts."),
            "quiet": _("Say only what was asked for."),
        }
        for param in self.params:
            if isinstance(param, click.Option) and param.name in words:
                param.help = words[param.name]
        return super().get_help(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        package = importlib.import_module("talex.cli.commands")
        return sorted(m.name.replace("_", "-") for m in pkgutil.iter_modules(package.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        set_up()
        module = importlib.import_module(f"talex.cli.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        set_up()
        from django.db import InterfaceError, OperationalError, ProgrammingError
        from django.utils.translation import gettext as _

        from talex.core import errors

        try:
            return super().invoke(ctx)
        except errors.Invalid as error:
            # A form says that some answers need another look; here nobody was asked anything.
            named = {k: list(map(str, v)) for k, v in error.fields.items()}
            error.message = _("What was given cannot be used.")
            fail(ctx, error, INVALID, errors=named)
        except errors.NotFound as error:
            fail(ctx, error, NOT_FOUND)
        except errors.NotAllowed as error:
            fail(ctx, error, NOT_ALLOWED)
        except errors.Conflict as error:
            fail(ctx, error, CONFLICT, items=[str(item) for item in error.items])
        except VerificationFailed:
            ctx.exit(NOT_VERIFIED)
        except (OperationalError, InterfaceError, ProgrammingError) as error:
            if not _is_of_the_database(error):
                raise
            # A server that does not answer, a file that cannot be opened, a schema of old.
            why = str(error).strip().partition("\n")[0]
            told = (
                _(
                    "The database is not that of this version (%(why)s). `talex migrate` brings it "
                    "up to it; make a backup before if there is something to lose."
                )
                if _lacks_migrations()
                else _(
                    "The database cannot be used: %(why)s. `talex doctor` says what is wrong and "
                    "what to do."
                )
            )
            fail(ctx, Unusable(told % {"why": why}), FAULT)
        except OSError as error:
            # A file that was named: its folder is not there, or may not be written.
            if error.filename is None or not error.strerror:
                raise
            fail(ctx, Unusable(f"{error.filename}: {error.strerror}"), FAULT)
        except KeyboardInterrupt:
            ctx.exit(CANCELLED)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """As click does it; with `--json` a usage error is JSON as every other refusal is."""
        given = list(sys.argv[1:] if args is None else args)
        if "--json" not in given or not standalone_mode:
            return super().main(given, prog_name, complete_var, standalone_mode, **extra)
        try:
            code = super().main(given, prog_name, complete_var, standalone_mode=False, **extra)
        except click.Abort:
            sys.exit(CANCELLED)
        except click.ClickException as error:
            _say_json(error, error.format_message(), error.exit_code)
            sys.exit(error.exit_code)
        sys.exit(code if isinstance(code, int) else OK)


def _is_of_the_database(error: Exception) -> bool:
    """Whether the database is at fault; on PostgreSQL a missing table looks like a wrong query."""
    from django.db import ProgrammingError
    from psycopg.errors import UndefinedColumn, UndefinedTable

    return not isinstance(error, ProgrammingError) or isinstance(
        error.__cause__, UndefinedTable | UndefinedColumn
    )


def _lacks_migrations() -> bool:
    from django.db import DatabaseError

    from talex.cli.installation.schema import unapplied

    try:
        return bool(unapplied())
    except DatabaseError:
        return False  # it does not answer at all


class Unusable(Exception):
    """The database, or a file that was named, is not there or not fit for use."""


def _say_json(error: Exception, detail: str, code: int, **more: Any) -> None:
    import json

    told = {"error": type(error).__name__, "detail": detail, "code": code, **more}
    click.echo(json.dumps(told, ensure_ascii=False), err=True)


def fail(ctx: click.Context, error: Exception, code: int, **more: Any) -> None:
    """Say what was refused on standard error and leave with `code`."""
    from talex.cli.output import Voice

    if ctx.ensure_object(Voice).as_json:
        _say_json(error, str(error), code, **more)
    else:
        click.echo(str(error), err=True)
        for item in more.get("items", []):
            click.echo(f"  - {item}", err=True)
    ctx.exit(code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
@click.option(
    "--language",
    metavar="CODE",
    is_eager=True,
    expose_value=False,
    callback=_choose_language,
)
@click.option("--json", "as_json", is_flag=True)
@click.option("--quiet", is_flag=True)
@click.pass_context
def group(ctx: click.Context, as_json: bool, quiet: bool) -> None:
    """Translated in `Commands.get_help`."""
    from talex.cli import misfits
    from talex.cli.output import Voice
    from talex.core.errors import Invalid

    voice = ctx.ensure_object(Voice)
    voice.as_json, voice.quiet = as_json, quiet
    # The doctor runs all the same: it names them among all else that it finds.
    if ctx.invoked_subcommand != "doctor" and (wrong := misfits.told()):
        raise Invalid({name: [text] for name, text in wrong.items()})


def main() -> None:
    """The entry point."""
    group(prog_name="talex")


if __name__ == "__main__":
    main()
