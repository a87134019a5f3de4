"""What lies in the archive: the data for programs, the same for people, receipts and files."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from talex.core import clock
from talex.core.actor import Actor
from talex.core.models import Upload
from talex.core.registries import own_files
from talex.core.uploads import clean_name
from talex.editions.models import Consent
from talex.participants.looking.queries import seen_by
from talex.participants.models import Delegate, Person, Talent
from talex.participants.own_data import export_person
from talex.participants.receipts import in_words, receipt

#: What a name of a file may not hold on some system where the archive is unpacked.
_UNSAFE = str.maketrans(dict.fromkeys('<>:"|?*', "_"))


def write(actor: Actor, group: Sequence[Person], target: Path) -> int:
    """Write the archive of one human being's records; returns how many files of theirs are in it.

    Raises `NotAllowed` where the actor may not take the data out.
    """
    persons = [one.pk for one in group]
    told = export_person(actor, group[0].pk)
    consents = list(
        Consent.objects.filter(person__in=persons)
        .select_related("edition__privacy")
        .order_by("given_at", "purpose")
    )
    names: list[str] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", _json(told))
        for number, one in enumerate(consents, 1):
            archive.writestr(f"receipts/{number:03}-{one.purpose}.json", _json(receipt(one)))
        for upload, name in _files(group):
            if not upload.path.is_file():
                continue
            name = _free(f"files/{clean_name(name).translate(_UNSAFE)}", names)
            with upload.path.open("rb") as source, archive.open(name, "w") as kept:
                shutil.copyfileobj(source, kept)
            names.append(name)
        page = render_to_string(
            "participants/archive/index.html",
            {
                "language": translation.get_language(),
                "person": group[0],
                "made_at": clock.now(),
                "talents": Talent.objects.filter(person__in=persons)
                .select_related("edition")
                .order_by("created_at"),
                "delegates": Delegate.objects.filter(person__in=persons)
                .select_related("edition", "organisation")
                .order_by("edition__starts_on", "pk"),
                "consents": [in_words(one) for one in consents],
                "viewers": seen_by(persons),
                "files": names,
            },
        )
        archive.writestr("index.html", page)
    return len(names)


def _files(group: Sequence[Person]) -> Iterator[tuple[Upload, str]]:
    """The files of all rooms, each once."""
    wanted = {pk: name for one in group for port in own_files for pk, name in port.files(one.pk)}
    known = Upload.objects.in_bulk(list(wanted))
    for pk, name in wanted.items():
        if pk in known:
            yield known[pk], name


def _free(name: str, taken: Sequence[str]) -> str:
    """The name, with a number where two files are called the same (also on disks that do not
    tell capitals apart)."""
    lower = {one.casefold() for one in taken}
    stem, dot, ending = name.rpartition(".")
    found, number = name, 2
    while found.casefold() in lower:
        found = f"{stem}-{number}.{ending}" if dot else f"{name}-{number}"
        number += 1
    return found


def _json(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2)
