"""In which language somebody is written to whom only a list or the office named."""

from __future__ import annotations

import pytest

from talex.core.actor import SYSTEM
from talex.participants.addresses import language_of, recipients_of
from talex.participants.facts import Name
from talex.participants.models import Person, Talent
from talex.participants.receipts import addressee
from talex.participants.services.bulk import TalentRow, apply_talents
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("told", "spoken"),
    [
        ("zh", "zh-hans"),
        ("zh-CN", "zh-hans"),
        ("zh_Hant", "zh-hans"),
        ("de", "de"),
        ("de-AT", "de"),
        ("en-GB", "en"),
        ("fr", ""),
        ("xx", ""),
        ("", ""),
    ],
)
def test_the_nearest_language_that_talex_has(told: str, spoken: str) -> None:
    assert language_of(Person(language=told)) == spoken


def test_a_chinese_talent_of_a_list_is_written_to_in_chinese() -> None:
    edition = make.edition()
    row = TalentRow(
        names=[Name("林")], email="lin@example.org", language="zh", consents=["profile"]
    )
    apply_talents(SYSTEM, edition.pk, [row])
    person = Talent.objects.get().person
    assert recipients_of([person.pk], edition.pk)[person.pk].language == "zh-hans"
    to = addressee(person)
    assert to is not None
    assert to.language == "zh-hans"
