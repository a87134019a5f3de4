"""One's own data as one archive: all of it, for oneself alone, for a week."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core import clock, uploads
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import NotAllowed, NotFound, TooMany
from talex.core.jobs import run_pending
from talex.core.models import Job, Upload
from talex.ledger.models import Entry
from talex.participants import services as people
from talex.participants.archive import contents, services
from talex.participants.commands import ErasePerson, MergePersons
from talex.participants.looking.models import Look, Way
from talex.participants.models import Person, ProjectOwner, Talent
from tests.core.hostile import pdf
from tests.participants import factories as make
from tests.participants.credentials.test_cases import an_identity

pytestmark = pytest.mark.django_db


def opened(upload: Upload) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(upload.path.read_bytes()))


def made(actor: Actor) -> Upload:
    services.ask(actor)
    run_pending()
    return services.file_of(actor)


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user))
    return client


def test_it_holds_data_receipts_looks_rungs_and_files() -> None:
    edition = make.edition()
    actor, case = an_identity(edition)
    person = case.talent.person  # type: ignore[union-attr]
    people.set_consents(actor, make_consents(case.talent_id))
    Look.objects.create(
        edition=edition, person=person.pk, viewer=make.user().pk, role="organiser",
        way=Way.PROFILE, day=clock.now().date(),
    )  # fmt: skip
    archive = opened(made(actor))
    assert archive.testzip() is None
    names = archive.namelist()
    (paper,) = [name for name in names if name.startswith("files/")]
    assert "passport" in paper and not set('<>:"|?*') & set(paper) and archive.read(paper) == pdf()
    told = json.loads(archive.read("data.json"))
    (record,) = told["records"]
    assert record["names"][0]["text"] == "Li Lei"
    assert record["rungs"][0]["rung"] == "registered"
    assert record["rooms"]["participants.looks"]["looks"][0]["way"] == "profile"
    assert record["signing_in"]["email"] == User.objects.get(pk=actor.user).email
    (receipt,) = [name for name in names if name.startswith("receipts/")]
    kept = json.loads(archive.read(receipt))
    assert kept["receipt_metadata"]["pii_principal_id"] == str(person.pk)
    page = archive.read("index.html").decode()
    assert 'lang="en"' in page and f">{paper}</a>" in page and "The organiser&#x27;s office" in page
    assert Entry.objects.filter(event="participants.archive_asked").count() == 1


def make_consents(talent: Any) -> Any:
    from talex.participants.commands import SetConsents

    return SetConsents(talent=talent, purposes=["profile"])


@pytest.mark.parametrize(("language", "word"), [("de", "Meine Daten"), ("zh-hans", "我的数据")])
def test_its_page_is_in_the_persons_language(language: str, word: str) -> None:
    talent = make.talent(make.edition(), "<b>Li & Lei</b>")
    actor = make.with_account(talent)
    User.objects.filter(pk=actor.user).update(language=language)
    page = opened(made(actor)).read("index.html").decode()
    assert word in page and f'lang="{language}"' in page
    assert str(talent.edition.name) in page and "00:00" not in page
    assert "files/" not in page  # nothing was handed in
    assert "<b>" not in page and "&lt;b&gt;Li &amp; Lei" in page


def test_merged_records_are_all_in_it_and_nobody_elses() -> None:
    edition = make.edition()
    one, twin, other = (make.talent(edition, name) for name in ("Li Lei", "Lei Li", "Han Meimei"))
    actor = make.with_account(one)
    people.merge_persons(SYSTEM, MergePersons(keep=twin.person_id, drop=one.person_id))
    from talex.accounts.actors import load_actor

    told = opened(made(load_actor(actor.user))).read("data.json").decode()  # type: ignore[arg-type]
    assert "Li Lei" in told and "Lei Li" in told
    assert "Han Meimei" not in told and str(other.person_id) not in told


def test_only_the_person_can_have_it() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Li Lei")
    actor = make.with_account(talent)
    file = made(actor)
    url = reverse("core:upload", kwargs={"pk": file.pk})
    answer = client_of(actor).get(url)
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    admin = make.user(is_site_admin=True)
    from talex.accounts.actors import actor_for

    for stranger in (make.office(edition), actor_for(admin), make.with_account(
        make.talent(edition, "Han Meimei")
    )):  # fmt: skip
        assert client_of(stranger).get(url).status_code == 404
    with pytest.raises(NotFound):
        uploads.get(SYSTEM, file.pk)
    assert Client().get(url).status_code in (302, 401, 404)
    with pytest.raises(NotAllowed):
        services.ask(make.office(edition))


def test_it_is_asked_for_once_and_three_times_a_day(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.TALEX_RATES_ON = True
    actor = make.with_account(make.talent(make.edition(), "Li Lei"))
    assert services.ask(actor) == services.ask(actor)  # the second click
    run_pending()
    first = services.file_of(actor)
    with django_capture_on_commit_callbacks(execute=True):
        second = made(actor)
    assert second != first and not first.path.exists()
    assert Upload.objects.filter(purpose=services.PURPOSE).count() == 1
    made(actor)
    with pytest.raises(TooMany):
        services.ask(actor)
    assert Job.objects.filter(kind=services.KIND).count() == 3


def test_it_is_deleted_after_a_week(django_capture_on_commit_callbacks: Any) -> None:
    actor = make.with_account(make.talent(make.edition(), "Li Lei"))
    file = made(actor)
    Upload.objects.filter(pk=file.pk).update(
        created_at=clock.now() - services.KEEP + timedelta(minutes=1)
    )
    assert services.expire() == 0 and services.file_of(actor) == file
    Upload.objects.filter(pk=file.pk).update(created_at=clock.now() - services.KEEP)
    with pytest.raises(NotFound):  # over is over, whether the worker came by or not
        services.file_of(actor)
    with pytest.raises(NotFound):
        uploads.get(actor, file.pk)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.expire() == 1 and services.expire() == 0
    assert not file.path.exists()


def test_a_killed_attempt_leaves_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    actor = make.with_account(make.talent(make.edition(), "Li Lei"))
    services.ask(actor)

    def killed(*args: Any, **values: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(uploads, "remove", killed)
        # The first attempt has stored its file, and dies before it is done.
        Upload.objects.create(
            owner_id=actor.user, purpose=services.PURPOSE, name="x", content_type="x", size=1,
            sha256="x", stored_as="uploads/00/x", created_at=clock.now(),
        )  # fmt: skip
        with pytest.raises(KeyboardInterrupt):
            run_pending()
    assert Job.objects.get(kind=services.KIND).state == "queued"
    run_pending()
    assert Job.objects.get(kind=services.KIND).state == "succeeded"
    assert Upload.objects.filter(purpose=services.PURPOSE).count() == 1


def test_erasing_takes_it_along(django_capture_on_commit_callbacks: Any) -> None:
    talent = make.talent(make.edition(), "Li Lei")
    actor = make.with_account(talent)
    file = made(actor)
    services.ask(actor)
    with django_capture_on_commit_callbacks(execute=True):
        people.erase_person(SYSTEM, ErasePerson(person=talent.person_id))
    assert not file.path.exists()
    run_pending()  # the one that was waiting makes nothing
    assert not Upload.objects.filter(purpose=services.PURPOSE).exists()
    assert Talent.objects.get().erased_at is not None


def test_the_page_says_where_it_stands() -> None:
    edition = make.edition()
    actor = make.with_account(make.talent(edition, "Li Lei"))
    client, url = client_of(actor), reverse("participants:own_archive", args=[edition.slug])
    assert "Make the archive" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert "It is being made." in client.get(url).content.decode()
    run_pending()
    page = client.get(url).content.decode()
    assert reverse("core:upload", args=[services.file_of(actor).pk]) in page
    assert url in client.get(reverse("participants:own", args=[edition.slug])).content.decode()
    assert client_of(make.office(edition)).get(url).status_code == 403
    assert client_of(make.office(edition)).post(url).status_code == 403
    # Delegates are people, too.
    delegate = make.with_account(make.delegate(edition, make.organisation(edition)))
    assert client_of(delegate).get(url).status_code == 200


def test_a_program_can_fetch_it() -> None:
    edition = make.edition()
    actor = make.with_account(make.talent(edition, "Li Lei"))
    client, url = client_of(actor), f"/api/editions/{edition.slug}/me/archive"
    assert client.get(url).json()["state"] == "none"
    assert client.get(f"{url}/file").status_code == 404
    answer = client.post(url)
    assert (answer.status_code, answer.json()["state"]) == (202, "making")
    run_pending()
    told = client.get(url).json()
    assert told["state"] == "ready" and told["size"] > 0
    answer = client.get(f"{url}/file")
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert client_of(make.office(edition)).get(f"{url}/file").status_code == 403
    assert Client().get(url).status_code == 401


def test_names_of_files_do_not_collide() -> None:
    taken = ["files/CV.pdf"]
    assert contents._free("files/cv.pdf", taken) == "files/cv-2.pdf"
    assert contents._free("files/cv", ["files/cv"]) == "files/cv-2"


def test_delegates_and_project_owners_are_led_to_it_from_their_own_pages() -> None:
    edition = make.edition()
    firm = make.organisation(edition, "Firm")
    row = make.delegate(edition, firm)
    colleague = make.delegate(edition, firm, "Other")
    archive = reverse("participants:own_archive", kwargs={"edition": edition.slug})
    here = f"/e/{edition.slug}"
    client = client_of(make.with_account(row))
    page = client.get(f"{here}/organisations/{firm.pk}/").content.decode()
    assert archive in page
    assert f"/delegates/{row.pk}/" in page
    assert archive in client.get(f"{here}/delegates/{row.pk}/").content.decode()
    # A head is led to a colleague, whose data are the colleague's.
    assert archive not in client.get(f"{here}/delegates/{colleague.pk}/").content.decode()
    office = client_of(make.office(edition))
    for path in (f"organisations/{firm.pk}", f"delegates/{row.pk}"):
        assert archive not in office.get(f"{here}/{path}/").content.decode()
    owner = make.user()
    person = Person.objects.create(name="Owner", user=owner, email=owner.email)
    ProjectOwner.objects.create(person=person, edition=edition, title="Solar sail")
    told = client_of(actor_for(owner)).get(reverse("registering:project", args=[edition.slug]))
    assert archive in told.content.decode()
    assert client_of(actor_for(owner)).get(archive).status_code == 200
