"""The operator's page: ESCO's files looked at and kept, a model chosen, all others refused."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.jobs import run_pending
from talex.core.models import Job, Upload
from talex.fair import understood
from talex.fair.models import EmbedderChoice, Term, TermSource
from talex.fair.services import esco
from talex.fair.services.terms import SaveTerm, import_esco, save_term
from tests.editions.factories import grant, make_user
from tests.fair import factories as make

pytestmark = pytest.mark.django_db

HEAD = "conceptType,conceptUri,preferredLabel,altLabels,status\n"


def csv(label: str, head: str = HEAD) -> bytes:
    row = f"X,http://data.europa.eu/esco/skill/1,{label},,released\n"
    return (head + row).encode()


def bundle(**files: bytes) -> SimpleUploadedFile:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, data in files.items():
            target.writestr(f"ESCO/{name}.csv", data)
        target.writestr("ESCO/readme.txt", b"x")
    return SimpleUploadedFile("esco.zip", made.getvalue())


def test_files_are_looked_at_and_then_kept(client: Client) -> None:
    client.force_login(make_user("root@example.org", is_site_admin=True))
    home = reverse("fair:understanding")
    assert "ESCO is not brought in" in client.get(home).content.decode()
    given = bundle(skills_en=csv("rail joints"), skills_pl=csv("szyny"))
    sent = client.post(reverse("fair:esco"), {"file": given, "release": "1.2.0"})
    assert sent.status_code == 303
    run_pending()
    page = client.get(home).content.decode()
    assert "Polish" in page and "Use them" in page and not TermSource.objects.exists()
    look = Job.objects.get(kind=esco.LOOK)
    assert look.result["languages"]["pl"] == {"occupations": 0, "skills": 1, "labels": 1}
    keep = reverse("fair:esco_keep", kwargs={"pk": look.pk})
    # A double click brings it in once.
    assert [client.post(keep).status_code for _time in range(2)] == [302, 302]
    assert Job.objects.filter(kind=esco.KEEP).count() == 1
    run_pending()
    source = TermSource.objects.get()
    assert (source.release, source.languages, source.concepts) == ("1.2.0", ["en", "pl"], 1)
    assert not Upload.objects.exists()
    assert "release 1.2.0" in client.get(home).content.decode()
    assert client.delete("/api/matching/esco").json() == {"removed": True}


def test_wrong_files_are_told_and_nothing_is_kept() -> None:
    with pytest.raises(Invalid):
        esco.upload_esco(SYSTEM, [SimpleUploadedFile("list.csv", b"a,b")])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        target.writestr("../../skills_en.csv", csv("x"))
    with pytest.raises(Invalid, match="lead out of its folder"):
        esco.upload_esco(SYSTEM, [SimpleUploadedFile("esco.zip", made.getvalue())])
    assert not Upload.objects.exists()
    cases = {
        "no column": SimpleUploadedFile("skills_en.csv", csv("x", "a,b,c,d,e\n")),
        "damaged, or no zip": SimpleUploadedFile("esco.zip", b"PK nothing"),
        "cells are missing": SimpleUploadedFile("skills_en.csv", (HEAD + "X,http://e/1").encode()),
        "as CSV in UTF-8": SimpleUploadedFile("skills_en.csv", HEAD.encode() + b"X,\xff,,,\n"),
        "There is no occupations": bundle(other_en=b"x"),
    }
    for why, file in cases.items():
        job = esco.upload_esco(SYSTEM, [file])
        with pytest.raises(Conflict, match=why):
            esco.look(SYSTEM, job.params["files"])
        with override("de"), pytest.raises(Conflict) as refused:
            esco.look(SYSTEM, job.params["files"])
        assert "Datei" in str(refused.value)
        with pytest.raises(Conflict):
            esco.keep_esco(SYSTEM, job.pk)
    assert not TermSource.objects.exists()


def test_files_that_nobody_keeps_go(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(make_user("root@example.org", is_site_admin=True))
    jobs = [esco.upload_esco(SYSTEM, [bundle(skills_en=csv("rail joints"))]) for _one in range(3)]
    run_pending()
    esco.keep_esco(SYSTEM, jobs[0].pk)
    old = clock.now() - timedelta(days=esco.KEPT_DAYS, minutes=1)
    Upload.objects.exclude(pk=jobs[1].params["files"][0]).update(created_at=old)
    path = Upload.objects.get(pk=jobs[2].params["files"][0]).path
    # The first is about to be kept, the second is young.
    assert path.is_file()
    with django_capture_on_commit_callbacks(execute=True):
        assert esco.expire() == 1 and esco.expire() == 0
    assert Upload.objects.count() == 2 and not path.exists()
    with pytest.raises(Conflict, match="within 7 days"):
        esco.keep_esco(SYSTEM, jobs[2].pk)
    page = client.get(reverse("fair:understanding")).content.decode()
    assert "Nobody used them in time" in page and "Use them" not in page


def test_a_service_is_used_only_when_its_fields_are_confirmed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(make_user("root@example.org", is_site_admin=True))
    found = {"model": "m", "dimension": 3, "same_meaning": 0.9, "other_meaning": 0.1}
    monkeypatch.setattr("talex.fair.services.embedders.tried", lambda actor, command: found)
    url = reverse("fair:embedder")
    assert "the first 800 characters" in client.get(url).content.decode()
    data = {"kind": "remote", "target": "https://v.example.org", "model": "m", "dialect": "openai"}
    refused = client.post(url, data)
    assert refused.status_code == 422 and "may leave the house" in refused.content.decode()
    assert not EmbedderChoice.objects.exists()
    assert client.post(url, {**data, "confirm": "on"}).status_code == 303
    page = client.get(reverse("fair:understanding")).content.decode()
    assert "Trial of a model" in page and "Waiting for a worker" in page
    assert client.get("/api/matching/model").json()["trial"]["state"] == "queued"
    run_pending()
    assert EmbedderChoice.objects.get().fields
    page = client.get(reverse("fair:understanding")).content.decode()
    assert "These texts leave the house" in page and "v.example.org" in page
    told = client.get("/api/matching/model").json()
    assert (told["kind"], len(told["leaves"])) == ("remote", 8)
    answer = client.put("/api/matching/model", {"kind": "default"}, "application/json")
    assert answer.status_code == 202 and answer.json()["state"] == "queued"
    run_pending()
    page = client.get(reverse("fair:understanding")).content.decode()
    assert "Nothing leaves the house" in page


def test_nobody_but_the_operator(client: Client) -> None:
    where = make.edition()
    user = make_user("office@example.org")
    grant(user, where, "organiser")
    client.force_login(user)
    for name in ("understanding", "embedder", "esco"):
        assert client.get(reverse(f"fair:{name}")).status_code == 403
    assert client.post(reverse("fair:recompute")).status_code == 403
    assert client.get("/api/matching/esco").status_code == 403
    for call in (
        lambda: understood.state(make.office(where)),
        lambda: esco.upload_esco(make.office(where), []),
        lambda: esco.keep_esco(make.office(where), where.pk),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_removing_names_what_will_be_lost(client: Client, tmp_path: Path) -> None:
    client.force_login(make_user("root@example.org", is_site_admin=True))
    (tmp_path / "skills_en.csv").write_bytes(csv("rail joints"))
    import_esco(SYSTEM, tmp_path)
    where = make.edition()
    concept = "http://data.europa.eu/esco/skill/1"
    save_term(SYSTEM, where, SaveTerm("skill", {"en": ["joints of rails"]}, concept))
    page = client.get(reverse("fair:understanding")).content.decode()
    assert "1 concept with its labels in: en." in page and "then stands alone" in page
    make.talent(where, skills=["Joints of Rails", "x"])
    term = Term.objects.get(edition=where)
    asked = client.post(
        reverse("fair:terms", kwargs={"edition": where.slug}),
        {"action": "remove", "ids": [str(term.pk)]},
    ).content.decode()
    assert "joints of rails. Named by talents: 1, by openings: 0." in asked
    assert Term.objects.filter(pk=term.pk).exists()
