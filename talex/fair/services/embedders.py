"""Choosing the model of vectors, and computing vectors anew under another one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.jobs import enqueue
from talex.core.models import Job, JobState
from talex.core.work import work
from talex.fair import embedders
from talex.fair.models import EmbedderChoice, MatchRun, TextVector
from talex.ledger.services import record

JOB, USE = "fair.vectors", "fair.embedder"
CHUNK = 2000
SAMPLE = ("数据分析师", "data analyst", "Datenanalyst", "welder")


@dataclass(frozen=True, slots=True)
class UseEmbedder:
    """target: folder, name or address. confirmed: the operator has seen `embedders.LEAVES`."""

    kind: str
    target: str = ""
    model: str = ""
    dialect: str = "openai"
    confirmed: bool = False


def _choice(command: UseEmbedder) -> EmbedderChoice:
    from talex.fair.remote_embedder import DIALECTS, is_safe

    if command.kind not in embedders.KINDS:
        raise Invalid({"kind": _("Choose one of: %(kinds)s.")
                       % {"kinds": ", ".join(embedders.KINDS)}})  # fmt: skip
    if command.kind == "default":
        return EmbedderChoice(kind="default")
    if not command.target:
        raise Invalid({"target": _("Name the folder, model or address.")})
    if command.kind != "remote":
        return EmbedderChoice(kind=command.kind, target=command.target)
    if not is_safe(command.target):
        raise Invalid({"target": _("The address must begin with https://, or be on this machine, "
                                   "and hold no password.")})  # fmt: skip
    if command.dialect not in DIALECTS:
        raise Invalid({"dialect": _("Choose one of: %(kinds)s.")
                       % {"kinds": ", ".join(DIALECTS)}})  # fmt: skip
    return EmbedderChoice(
        kind="remote", target=command.target, model=command.model, dialect=command.dialect,
        fields=[" · ".join(map(str, one)) for one in embedders.LEAVES],
    )  # fmt: skip


def tried(actor: Actor, command: UseEmbedder | None) -> dict[str, Any]:
    """Embed four words with a model, or the chosen one, and say what came of it.

    Nothing but the four words is sent anywhere. A service is given `TRIAL_TIMEOUT` for an answer
    and asked once; a model on this server takes what loading it takes, so pages and the API do
    this in a job. Raises `Conflict` where the model does not work.
    """
    if not actor.all_powerful:
        raise NotAllowed
    from talex.engine.text.local_models import ModelError

    embedder = embedders.made(_choice(command) if command else embedders.chosen(), trial=True)
    try:
        rows = embedder.embed(SAMPLE)
    except ModelError as error:
        raise Conflict(str(error)) from error
    return {
        "model": embedder.model_name,
        "dimension": embedder.dimension,
        "same_meaning": round(float((rows[0] @ rows[1] + rows[1] @ rows[2]) / 2), 3),
        "other_meaning": round(float(rows[1] @ rows[3]), 3),
    }


def use_embedder(actor: Actor, command: UseEmbedder) -> Job:
    """Ask for a model: in the background it is tried, then chosen, then vectors are made anew.

    Until it has worked, the model in use stays. Asked twice at once, it is tried once. Raises
    `Invalid` for a remote service whose fields were not confirmed or whose key cannot be read,
    `NotAllowed` for anybody but the operator.
    """
    if not actor.all_powerful:
        raise NotAllowed
    choice = _choice(command)
    if choice.kind == "remote":
        if not command.confirmed:
            raise Invalid({"confirm": _("Confirm that these texts may leave the house.")})
        try:
            embedders.key()
        except Invalid as error:
            # The form has no such field.
            raise Invalid({"": error.fields["key"]}) from error
    params = asdict(command)
    with work():
        for job in Job.objects.filter(kind=USE, state__in=[JobState.QUEUED, JobState.RUNNING]):
            if job.params == params and not job.cancel_requested:
                return job
        return enqueue(actor, USE, params)


def choose(actor: Actor, command: UseEmbedder, job_id: UUID) -> dict[str, Any]:
    """Try a model and choose it: what the job of `use_embedder` does, once for each job.

    The choice counts from when it was asked for, so that a slow trial does not replace what was
    asked for after it. Raises `Conflict` where the model does not work or another one was chosen.
    """
    if not actor.all_powerful:
        raise NotAllowed
    choice = _choice(command)
    if choice.kind == "remote" and not command.confirmed:
        raise Invalid({"confirm": _("Confirm that these texts may leave the house.")})
    found = tried(actor, command)
    choice.pk, choice.dimension, choice.made_by = job_id, found["dimension"], actor.id
    choice.made_at = Job.objects.get(pk=job_id).created_at
    with work():
        if not EmbedderChoice.objects.filter(pk=job_id).exists():
            if EmbedderChoice.objects.filter(made_at__gt=choice.made_at).exists():
                raise Conflict(
                    _("Another model was chosen meanwhile. Choose this one again if it is to "
                      "take its place.")
                )  # fmt: skip
            choice.save(force_insert=True)
            record(
                "fair.embedder.chosen", actor=actor, edition=None, obj=choice,
                facts={"kind": choice.kind, "model": found["model"], "fields": choice.fields},
            )  # fmt: skip
        vectors = enqueue(actor, JOB, {}, key=f"choice/{job_id}")
    return {"kind": choice.kind, **found, "vectors": str(vectors.pk)}


def recompute(actor: Actor) -> Job:
    """Compute missing vectors of all open editions and remove those of other models."""
    if not actor.all_powerful:
        raise NotAllowed
    return enqueue(actor, JOB, {})


def prune(base: str, keep: set[str]) -> int:
    """Remove vectors of models that nothing reads any more; how many.

    Kept are `keep`, and of the base model what the last run of an edition used.
    """
    kept = set(keep)
    for edition in MatchRun.objects.order_by().values_list("edition", flat=True).distinct():
        run = MatchRun.objects.filter(edition=edition).order_by("-finished_at").first()
        model = (run.figures or {}).get("model", "") if run else ""
        if model.startswith(base):
            kept.add(model)
    gone = 0
    while True:
        rows = TextVector.objects.exclude(model__in=kept).values_list("pk", flat=True)[:CHUNK]
        ids = list(rows)
        if not ids:
            return gone
        with work():
            TextVector.objects.filter(pk__in=ids).delete()
        gone += len(ids)
