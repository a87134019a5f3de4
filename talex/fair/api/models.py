"""The model that compares texts, and ESCO, over the API; for the operator alone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from talex.accounts.http import ActorRequest
from talex.core.models import JobState
from talex.core.shapes import Body, one_of
from talex.fair import embedders, understood
from talex.fair.services import embedders as services
from talex.fair.services import esco
from talex.fair.services.terms import remove_esco

router = Router(tags=["fair"])


class ModelJobOut(Schema):
    """A job in the background; `result` and `error_message` once it has ended."""

    id: UUID
    state: Annotated[str, one_of(JobState)]
    done: int | None
    total: int | None
    message: str
    result: dict[str, Any] | None
    error_message: str


class LeavesOut(Schema):
    side: str
    field: str
    what: str


class EmbedderOut(Schema):
    """The model in use. `leaves`: what is sent to its address, empty where nothing is.

    `trial`: the last asking for a model; where it failed, the model in use stayed.
    """

    kind: str
    target: str
    model: str
    dimension: int | None
    leaves: list[LeavesOut]
    trial: ModelJobOut | None
    vectors: ModelJobOut | None


class EmbedderIn(Body):
    """kind: default, onnx, transformers, remote. confirm: texts may be sent to the address."""

    kind: str
    target: str = ""
    model: str = ""
    dialect: str = "openai"
    confirm: bool = False


class EscoOut(Schema):
    """ESCO as it is kept, and the files that were given last."""

    concepts: int
    languages: list[str]
    release: str
    attribution: str
    imported_at: datetime | None
    look: ModelJobOut | None
    keep: ModelJobOut | None


class EscoRemovedOut(Schema):
    removed: bool


def _job(job: Any) -> dict[str, Any] | None:
    if job is None:
        return None
    return {
        "id": job.pk, "state": job.state, "done": job.done, "total": job.total,
        "message": str(job.message or ""), "result": job.result or None,
        "error_message": str(job.error_message or ""),
    }  # fmt: skip


@router.get("/matching/model", response=EmbedderOut, operation_id="getEmbedder")
def get_embedder(request: ActorRequest) -> Any:
    """The model in use, and the state of its vectors."""
    state = understood.state(request.actor)
    leaves = embedders.LEAVES if state.leaves else ()
    return {
        "kind": state.kind,
        "target": state.choice.target if state.choice else "",
        "model": state.choice.model if state.choice else "",
        "dimension": state.choice.dimension if state.choice else None,
        "leaves": [{"side": str(a), "field": str(b), "what": str(c)} for a, b, c in leaves],
        "trial": _job(state.trial),
        "vectors": _job(state.vectors),
    }


@router.put("/matching/model", response={202: ModelJobOut}, operation_id="useEmbedder")
def use_embedder(request: ActorRequest, body: EmbedderIn) -> Any:
    """Ask for a model: the job tries it, chooses it where it works, and queues its vectors."""
    command = services.UseEmbedder(
        body.kind, body.target, body.model, body.dialect, confirmed=body.confirm
    )
    return 202, _job(services.use_embedder(request.actor, command))


@router.post(
    "/matching/model/recompute", response={202: ModelJobOut}, operation_id="recomputeVectors"
)
def recompute(request: ActorRequest) -> Any:
    """Make missing vectors and remove those of other models."""
    return 202, _job(services.recompute(request.actor))


@router.get("/matching/esco", response=EscoOut, operation_id="getEsco")
def get_esco(request: ActorRequest) -> Any:
    """ESCO as it is kept, and what became of the files given last."""
    state = understood.state(request.actor)
    source = state.source
    return {
        "concepts": source.concepts if source else 0,
        "languages": source.languages if source else [],
        "release": source.release if source else "",
        "attribution": source.attribution if source else "",
        "imported_at": source.imported_at if source else None,
        "look": _job(state.look),
        "keep": _job(state.keep),
    }


@router.post("/matching/esco", response={202: ModelJobOut}, operation_id="uploadEsco")
def upload(request: ActorRequest, file: File[list[UploadedFile]], release: Form[str] = "") -> Any:
    """Give ESCO's zip or CSV files; they are looked at, and kept by `keepEsco`."""
    return 202, _job(esco.upload_esco(request.actor, file, release.strip()))


@router.post("/matching/esco/{uuid:pk}/keep", response={202: ModelJobOut}, operation_id="keepEsco")
def keep(request: ActorRequest, pk: UUID) -> Any:
    """Keep what the job `pk` looked at."""
    return 202, _job(esco.keep_esco(request.actor, pk))


@router.delete("/matching/esco", response=EscoRemovedOut, operation_id="removeEsco")
def remove(request: ActorRequest) -> Any:
    return {"removed": remove_esco(request.actor)}
