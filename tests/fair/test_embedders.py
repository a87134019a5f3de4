"""The model of vectors: a service at an address, its choice, and vectors made anew."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest
from django.test import override_settings

from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.jobs import run_pending
from talex.core.models import Job, JobState
from talex.fair import embedders, understanding
from talex.fair.models import EmbedderChoice, TextVector
from talex.fair.remote_embedder import BATCH, RemoteEmbedder, is_safe
from talex.fair.services.embedders import JOB as VECTORS
from talex.fair.services.embedders import (
    UseEmbedder,
    choose,
    prune,
    recompute,
    tried,
    use_embedder,
)
from talex.ledger.models import Entry
from tests.fair import factories as make
from tests.fair.test_matching import Letters, small_fair

SECRET = "sk-very-secret"


class Service:
    """A real server: what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.answers: list[tuple[int, Any, dict[str, str]]] = []
        self.plain = False
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                service.asked.append((self.path, dict(self.headers), body))
                status, said, more = (
                    service.answers.pop(0) if service.answers else (200, service.made(body), {})
                )
                text = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                for name, value in {**more, "Content-Length": str(len(text))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/v1"

    def made(self, body: dict[str, Any]) -> dict[str, Any]:
        texts = body["texts"] if "texts" in body else body["input"]
        rows = Letters().embed(texts).tolist()
        if "texts" in body:
            return {"vectors": rows}
        # In another order than asked, as the protocol allows.
        data = [{"index": at, "embedding": row} for at, row in enumerate(rows)]
        return {"data": data[::-1]}


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.server.shutdown()
    made.server.server_close()


def remote(service: Service, **more: Any) -> RemoteEmbedder:
    return RemoteEmbedder(service.address, "m1", **{"key": SECRET, "wait": lambda s: None, **more})


def test_texts_go_in_batches_and_come_back_in_their_order(service: Service) -> None:
    texts = [f"text {at}" for at in range(BATCH + 3)] + ["  "]
    found = remote(service, dimension=64).embed(texts)
    assert found.dtype == np.float32 and not found[-1].any()
    np.testing.assert_allclose(found[:-1], Letters().embed(texts[:-1]), atol=1e-6)
    assert [len(body["input"]) for _path, _headers, body in service.asked] == [BATCH, 3]
    path, headers, body = service.asked[0]
    assert path == "/v1/embeddings" and body["model"] == "m1" and set(body) == {"model", "input"}
    assert headers["Authorization"] == f"Bearer {SECRET}"
    assert headers["Content-Type"] == "application/json"


def test_the_plain_dialect_sends_nothing_but_texts(service: Service) -> None:
    found = remote(service, dialect="plain", key="").embed(["数据", "x" * 2000])
    assert found.shape == (2, 64)
    path, headers, body = service.asked[-1]
    assert (path, set(body), len(body["texts"][1])) == ("/v1", {"texts"}, 800)
    assert "Authorization" not in headers


def test_it_tries_again_where_that_may_help(service: Service) -> None:
    waits: list[float] = []
    service.answers = [(503, {}, {}), (429, {}, {"Retry-After": "7"})]
    found = remote(service, dimension=64, wait=waits.append).embed(["a"])
    assert found.any() and waits == [0.5, 7.0]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((401, {"error": SECRET}, {}), "HTTP 401"),
        ((302, {}, {"Location": "http://127.0.0.1:1/"}), "HTTP 302"),
        ((200, b"<html>", {}), "no JSON"),
        ((200, {"data": [{"index": 0}]}, {}), "no data"),
        ((200, {"data": []}, {}), "not one vector"),
        ((200, {"data": [{"index": 0, "embedding": [1, 2]}]}, {}), "instead of 64"),
        ((200, {"data": [{"index": 0, "embedding": ["x"] * 64}]}, {}), "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_without_the_key(
    service: Service, answer: tuple[int, Any, dict[str, str]], says: str
) -> None:
    service.answers = [answer]
    with pytest.raises(Conflict) as failed:
        remote(service, dimension=64).embed(["a"])
    assert says in str(failed.value) and SECRET not in str(failed.value)
    assert len(service.asked) == 1


def test_a_service_that_is_away_or_slow_is_told() -> None:
    waits: list[float] = []
    away = RemoteEmbedder("http://127.0.0.1:9/", "m", 64, timeout=0.2, wait=waits.append)
    with pytest.raises(Conflict, match=r"127\.0\.0\.1:9"):
        away.embed(["a"])
    assert len(waits) == 3


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://api.example.org/v1", True),
        ("http://127.0.0.1:8080/v1", True),
        ("http://localhost/v1", True),
        ("http://[::1]:80/", True),
        ("http://api.example.org/v1", False),
        ("https://user:pw@example.org", False),
        ("ftp://127.0.0.1/", False),
        ("file:///etc/passwd", False),
    ],
)
def test_texts_leave_only_encrypted(address: str, safe: bool) -> None:
    assert is_safe(address) is safe


@pytest.fixture
def fresh() -> Iterator[None]:
    embedders._of.cache_clear()
    yield
    embedders._of.cache_clear()


@pytest.mark.django_db
def test_a_remote_service_is_off_until_it_is_confirmed(service: Service, fresh: None) -> None:
    assert embedders.chosen() is None
    assert embedders.base_embedder() is embedders.default_base()
    asked = UseEmbedder("remote", service.address, "m1")
    with pytest.raises(Invalid) as refused:
        use_embedder(SYSTEM, asked)
    assert "confirm" in refused.value.fields and not service.asked
    with override_settings(TALEX_EMBEDDER_KEY=SECRET):
        job = use_embedder(SYSTEM, UseEmbedder("remote", service.address, "m1", confirmed=True))
        # Nothing is asked of the service within the request.
        assert not service.asked and not EmbedderChoice.objects.exists()
        run_pending()
        choice = EmbedderChoice.objects.get(pk=job.pk)
        assert embedders.base_embedder().dimension == choice.dimension == 64
    # The trial sends four words of ours, nobody's texts; what may leave is written down.
    assert {text for _p, _h, body in service.asked for text in body["input"]} <= {
        "dimension", "数据分析师", "data analyst", "Datenanalyst", "welder",
    }  # fmt: skip
    assert len(choice.fields) == len(embedders.LEAVES)
    entry = Entry.objects.filter(event="fair.embedder.chosen").get()
    kept = [str(value) for value in EmbedderChoice.objects.values_list()] + [repr(entry.__dict__)]
    assert SECRET not in "".join(kept)
    use_embedder(SYSTEM, UseEmbedder("default"))
    run_pending()
    assert embedders.base_embedder() is embedders.default_base()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "field"),
    [
        (UseEmbedder("word2vec"), "kind"),
        (UseEmbedder("onnx"), "target"),
        (UseEmbedder("remote", "http://example.org", confirmed=True), "target"),
        (UseEmbedder("remote", "https://example.org", dialect="x", confirmed=True), "dialect"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(command: UseEmbedder, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        use_embedder(SYSTEM, command)
    assert field in refused.value.fields


@pytest.mark.django_db
def test_a_model_that_does_not_work_is_told_and_changes_nothing(
    service: Service, fresh: None
) -> None:
    service.answers = [(503, {}, {})]
    asked = UseEmbedder("remote", service.address, "m1", confirmed=True)
    job = use_embedder(SYSTEM, asked)
    # A double click tries it once.
    assert use_embedder(SYSTEM, asked).pk == job.pk
    run_pending()
    job.refresh_from_db()
    assert job.state == JobState.FAILED and "HTTP 503" in str(job.error_message)
    # Nobody waits for it to be tried again and again.
    assert len(service.asked) == 1
    assert not EmbedderChoice.objects.exists() and not Job.objects.filter(kind=VECTORS).exists()


@pytest.mark.django_db
def test_what_was_asked_last_counts_however_long_a_trial_takes(
    service: Service, fresh: None
) -> None:
    slow = use_embedder(SYSTEM, UseEmbedder("remote", service.address, "m1", confirmed=True))
    Job.objects.filter(pk=slow.pk).update(created_at=slow.created_at - timedelta(minutes=2))
    Job.objects.filter(pk=slow.pk).update(state=JobState.RUNNING)
    quick = use_embedder(SYSTEM, UseEmbedder("default"))
    run_pending()
    with pytest.raises(Conflict, match="chosen meanwhile"):
        choose(SYSTEM, UseEmbedder("remote", service.address, "m1", confirmed=True), slow.pk)
    assert EmbedderChoice.objects.get().pk == quick.pk
    # The same job once more, as after a kill: one choice, one making of vectors.
    choose(SYSTEM, UseEmbedder("default"), quick.pk)
    assert EmbedderChoice.objects.count() == Job.objects.filter(kind=VECTORS).count() == 1


@pytest.mark.django_db
def test_only_the_operator_chooses() -> None:
    office = make.office(make.edition())
    calls: tuple[Callable[[], Any], ...] = (
        lambda: use_embedder(office, UseEmbedder("default")),
        lambda: tried(office, None),
        lambda: choose(office, UseEmbedder("default"), office.user),
        lambda: recompute(office),
    )
    for call in calls:
        with pytest.raises(NotAllowed):
            call()


@pytest.mark.django_db
def test_the_key_comes_from_its_file(tmp_path: Any) -> None:
    (tmp_path / "key").write_text(f"{SECRET}\n")
    with override_settings(TALEX_EMBEDDER_KEY_FILE=str(tmp_path / "key")):
        assert embedders.key() == SECRET
    with (
        override_settings(TALEX_EMBEDDER_KEY_FILE=str(tmp_path / "none")),
        pytest.raises(Invalid, match="TALEX_EMBEDDER_KEY_FILE"),
    ):
        embedders.key()


@pytest.mark.django_db
def test_a_changed_model_is_computed_in_the_background_and_the_old_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    where = make.edition()
    small_fair(where)

    class Other(Letters):
        model_name = "letters/2"

    monkeypatch.setattr(understanding, "base_embedder", Letters)
    first = recompute(SYSTEM)
    run_pending()
    first.refresh_from_db()
    assert first.state == JobState.SUCCEEDED, first.error
    before = TextVector.objects.count()
    assert before and TextVector.objects.filter(model__startswith="letters/1").count() == before
    monkeypatch.setattr(understanding, "base_embedder", Other)
    job = recompute(SYSTEM)
    run_pending()
    job.refresh_from_db()
    assert job.result["removed"] == before and job.done == job.total > 0
    assert TextVector.objects.filter(model__startswith="letters/2").count() == before
    assert not TextVector.objects.filter(model__startswith="letters/1").exists()
    # What is in use stays.
    assert prune("letters/2", set(TextVector.objects.values_list("model", flat=True))) == 0
