"""Who reads which field of whom, over page, API, export, search and calendar: `fields.csv`.

The table is the decision (docs/organisers/privacy.md). Every value of the scene is unique; every
address is fetched as every reader, and where a value stands its field was read. A field that is
read where the table says nothing fails, and so does one that the table grants and nobody finds.
`TALEX_ACCESS=write pytest tests/access/test_fields.py` writes what is read now: read the difference
line by line before it is committed.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from talex.accounts.actors import actor_for
from talex.editions.models import Edition
from talex.participants.models import Organisation, Person
from talex.participants.services.consents import apply_consents
from tests.access.fields import CHANNELS, MARKS, READERS, make_fields_scene, reads

TABLE = Path(__file__).parents[2] / "docs" / "organisers" / "fields.csv"
HEAD = ["whom", "field", *READERS]
ROWS = [(whom, name) for whom, marks in MARKS.items() for name in marks]


def table() -> dict[tuple[str, str], dict[str, str]]:
    with TABLE.open(newline="") as stream:
        return {(row["whom"], row["field"]): row for row in csv.DictReader(stream)}


def test_the_table_names_every_field_and_no_other() -> None:
    assert sorted(table()) == sorted(ROWS)


@pytest.mark.django_db
def test_every_reader_reads_what_the_table_says() -> None:
    made = make_fields_scene()
    told = {reader: reads(made, reader) for reader in READERS}
    if os.environ.get("TALEX_ACCESS") == "write":
        with TABLE.open("w", newline="") as stream:
            lines = csv.writer(stream, lineterminator="\n")
            lines.writerow(HEAD)
            for key in ROWS:
                lines.writerow([*key, *(_cell(told[reader].get(key, {})) for reader in READERS)])
        return
    wanted = table()
    differing = [
        f"{reader} reads {key[0]}.{key[1]} by {_cell(seen) or 'nothing'} ({seen}), "
        f"the table says {wanted[key][reader] or 'nothing'}"
        for reader in READERS
        for key in ROWS
        if _cell(seen := told[reader].get(key, {})) != wanted[key][reader]
    ]
    assert not differing, "\n".join(differing)


@pytest.mark.django_db
@pytest.mark.parametrize("reader", ["shown", "reachable"])
def test_what_is_taken_back_is_read_nowhere(reader: str) -> None:
    """It is read as by who was given nothing; what was mailed stays mailed."""
    made = make_fields_scene()
    person = Person.objects.get(pk=made.scene.things["talent_person"].pk)
    own = made.users["talent"]
    assert own is not None
    of = Organisation.objects.get(name_line=f"{reader} works")
    edition = Edition.objects.get(pk=made.scene.edition.pk)
    assert reads(made, reader)["talent", "name"]
    apply_consents(actor_for(own), edition, person, [], recipient=str(of.pk), source="page")
    told, wanted = reads(made, reader), table()
    for name in MARKS["talent"]:
        seen = {*told.get(("talent", name), {})} - {"mail"}
        assert seen == {*wanted["talent", name]["stranger"].split()} - {"mail"}, (name, told)


def _cell(seen: dict[str, set[str]]) -> str:
    return " ".join(channel for channel in CHANNELS if channel in seen)


#: What no table may grant: written down apart from it, so that writing it anew cannot hide a leak.
NEVER = [
    *[("talent", name, reader) for name in MARKS["talent"]
      for reader in ("nobody", "visitor", "outsider", "other_talent", "press", "judge", "abroad")],
    *[("talent", name, reader)
      for name in ("email", "phone", "birth_year", "wished_pay", "unread",
                   *(one for one in MARKS["talent"] if one.startswith("address_in_")))
      for reader in ("stranger", "shown", "agreed", "delegate", "partner")],
    *[("talent", name, reader) for name in ("name", "other_name", "profile_text", "institution")
      for reader in ("stranger", "partner")],
    *[("other_talent", name, reader) for name in MARKS["other_talent"]
      for reader in ("talent", "delegate", "stranger", "shown", "agreed", "partner", "press")],
    *[("delegate", name, reader) for name in ("email", "phone")
      for reader in ("nobody", "visitor", "talent", "other_talent", "stranger", "press")],
    *[("waiting_organisation", "name", reader)
      for reader in ("nobody", "visitor", "talent", "delegate", "press")],
    *[("opening", name, reader) for name in MARKS["opening"] if name != "name"
      for reader in READERS if reader not in ("auditor", "organiser")],
]  # fmt: skip


@pytest.mark.parametrize(("whom", "name", "reader"), NEVER)
def test_what_no_table_may_grant(whom: str, name: str, reader: str) -> None:
    assert table()[whom, name][reader] == ""
