"""`talex backup FILE`: the whole installation in one file."""

from __future__ import annotations

from pathlib import Path

import click
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from talex.cli import counts
from talex.cli.installation import backup
from talex.cli.output import json_option, voice
from talex.cli.steps import steps


@click.command(
    "backup",
    help=_(
        "Write database, uploaded files and keys into FILE (.tar.gz). Talex may run meanwhile. "
        "The file holds personal data and keys: keep it where only you can read it."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help=_("Replace FILE where it exists."))
@json_option
def command(file: Path, force: bool) -> None:
    with steps() as progress:
        made = backup.make(file, force=force, progress=progress)
    voice().tell(
        {
            "file": str(made.path),
            "size": made.size,
            "rows": made.rows,
            "files": made.files,
            "made_at": made.manifest.made_at,
            "engine": made.manifest.engine,
            "heads": made.manifest.heads,
        },
        _("%(file)s: %(size)s, %(rows)s, %(files)s.")
        % {
            "file": made.path,
            "size": filesizeformat(made.size),
            "rows": counts.rows(made.rows),
            "files": counts.files(made.files),
        },
    )
    if made.manifest.secret_key == "environment":
        voice().note(
            _(
                "The secret key is given by TALEX_SECRET_KEY and is not in the backup: "
                "keep it as well."
            )
        )
