"""Contact details in what a talent writes freely: read with the consent `contact` alone."""

from __future__ import annotations

from typing import Any

import pytest

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.masking import MASK
from talex.core.search import find_everywhere
from talex.fair import privacy
from talex.participants import queries as people
from talex.participants import services
from talex.participants.commands import SetConsents
from talex.participants.consenting import agreed_list
from talex.participants.forms import TalentForm
from talex.participants.models import Talent
from talex.participants.registering.forms import SkillsForm
from talex.participants.search import TalentSource
from tests.fair import factories as make
from tests.fair.test_api import Api
from tests.fair.test_interests import Pair

pytestmark = pytest.mark.django_db

MAIL = "tina@tee.example"
WRITTEN = {
    "profile_text": f"Lasers. Reach me: {MAIL}, +49 170 1234567, 微信 tina_wx88",
    "current_position": f"Engineer, {MAIL}",
    "institution": f"HUST {MAIL}",
    "skills": ["ASP.NET", MAIL],
    "education": [{"level": "master", "institution": f"HUST, {MAIL}", "discipline": "", "year": 1}],
    "experience": [{"position": f"Engineer {MAIL}", "employer": "", "start": "", "end": ""}],
}
DETAILS = (MAIL, "1234567", "tina_wx88")


@pytest.fixture
def pair() -> Any:
    with clock.at(make.BEFORE):
        made = Pair()
        Talent.objects.filter(pk=made.talent.pk).update(**WRITTEN)
        made.talent.refresh_from_db()
        TalentSource().rebuild()
        yield made


def share(pair: Pair, *purposes: str) -> None:
    services.set_consents(SYSTEM, SetConsents(talent=pair.talent.pk, purposes=list(purposes)))


def read_by(pair: Pair, api: Api, *lists: str) -> str:
    """All that the reader reads of the talent: page, lists, API, card."""
    here = f"/e/{pair.edition.slug}"
    told = [api.get(f"/talents/{pair.talent.pk}").content.decode()]
    for path in (f"/talents/{pair.talent.pk}/", *lists):
        response = api.client.get(here + path)
        assert response.status_code == 200, path
        told.append(response.content.decode())
    return "\n".join(told)


def test_a_delegate_reads_contact_details_with_the_contact_only(pair: Pair) -> None:
    share(pair, "profile")
    delegate = Api(pair.edition, pair.delegate.person)
    seen = read_by(pair, delegate, "/talents/")
    assert MASK in seen and "Lasers" in seen and "ASP.NET" in seen
    assert not [one for one in DETAILS if one in seen]
    card = privacy.card(pair.talent, privacy.shown_to(pair.opening.organisation_id, [pair.talent])[
        pair.talent.pk
    ])  # fmt: skip
    assert MAIL not in str(card) and card["profile_text"].startswith("Lasers. Reach me: •")
    share(pair, "profile", "contact")
    seen = read_by(pair, delegate)
    assert all(one in seen for one in DETAILS)


def test_the_talent_and_the_office_read_it_whole(pair: Pair) -> None:
    for api in (Api(pair.edition, pair.talent.person), Api(pair.edition, role="organiser")):
        seen = read_by(pair, api)
        assert all(one in seen for one in DETAILS)
    assert people.shown(SYSTEM, pair.talent)["profile_text"] == WRITTEN["profile_text"]


def test_nobody_finds_a_talent_by_contact_details_without_the_contact(pair: Pair) -> None:
    def found(words: str) -> list[str]:
        groups = find_everywhere(pair.as_delegate, words)
        return [hit.detail for _source, hits in groups for hit in hits]

    share(pair, "profile")
    assert found("tina_wx88") == [] and found("lasers")
    delegate = Api(pair.edition, pair.delegate.person)
    assert delegate.get(f"/talents?q={MAIL}").json()["count"] == 0
    assert delegate.get("/talents?q=engineer").json()["count"] == 1
    assert Api(pair.edition, role="organiser").get(f"/talents?q={MAIL}").json()["count"] == 1
    assert MAIL not in str(found("lasers"))
    share(pair, "profile", "contact")
    assert found("tina_wx88")


def test_a_file_that_is_handed_on_hides_them(pair: Pair) -> None:
    for column in agreed_list(pair.edition, "profile").columns:
        if callable(column.value):
            assert MAIL not in str(column.value(pair.talent)), column.key


@pytest.mark.parametrize("form", [TalentForm, SkillsForm])
def test_the_forms_say_so(form: Any) -> None:
    told = str(form.base_fields["profile_text"].help_text)
    assert "hidden from organisations until the contact is shared" in told
