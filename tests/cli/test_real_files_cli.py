"""The files that people really have: `talex import`, `match`, `schedule`, `verify`, as they are.

Skipped, with the reason, where the files are not beside the checkout.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.installations import installation
from tests.real_files import OPENINGS, RESUMES, folder

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(folder() is None, reason="shared/data/real-files is not at hand"),
]

PLACES = """
from datetime import date, time
from talex.core.actor import SYSTEM
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.programme import services
edition = Edition.objects.get(slug="real")
services.save_hall(SYSTEM, edition, services.SaveHall("A1", TranslatedText.of("Hall A1"), 40))
services.save_day(SYSTEM, edition, services.SaveDay(date(2037, 4, 20), time(9), time(17)))
"""


def test_chinese_openings_and_english_resumes_meet_without_a_conflict(tmp_path: Path) -> None:
    files = folder()
    assert files is not None
    with installation(tmp_path / "home", migrated=True) as place:
        place.talex("edition", "create", "real", "--name", "en=Real", "--city", "en=Wuhan",
                    "--from", "2037-04-20", "--to", "2037-04-21")  # fmt: skip
        place.python(PLACES)
        for name, known in OPENINGS.items():
            told = place.told("import", str(files / name), "--target", "opening",
                              "--edition", "real", "--accept-faulty")  # fmt: skip
            assert told["created"]["fair.opening"] == known.rows
            understood = {field: n["understood"] for field, n in told["understood"].items()}
            assert understood["degree_required"] == known.degree
            assert understood["experience_required"] == known.years
            assert understood["pay"] == known.pay
        resumes = str(files / RESUMES.name)
        people = ("import", resumes, "--target", "talent", "--edition", "real")
        # Nothing is merged that nobody said.
        refused = place.talex(*people, code=6)
        assert "--merge-identical" in refused.stderr
        told = place.told(*people, "--merge-identical")
        assert told["created"]["participants.talent"] == RESUMES.people
        assert told["rows"]["merged"] == RESUMES.rows - RESUMES.people
        again = place.told(*people)
        assert again["created"]["participants.talent"] == 0
        assert again["rows"]["known"] == RESUMES.rows

        matched = place.told("match", "--edition", "real", "--approve-above", "0.3")
        assert matched["talents_with_proposal"] == matched["talents"] == RESUMES.people
        placed = place.told("schedule", "--edition", "real", "--seconds", "5")
        assert placed["placed"] > 0
        assert place.told("verify", "--edition", "real") == {"ok": True, "faults": {"real": []}}
        assert place.told("ledger", "verify")
