"""The matching and the alerts as jobs: progress, cancel, and harmless when they are run twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.clock import now
from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.core.jobs import JobContext, handler
from talex.editions.models import Edition
from talex.fair import rules, understanding
from talex.fair.services import embedders, esco, searches
from talex.fair.services.matches import JOB, RunMatching
from talex.fair.services.openings import MATCH_NEW
from talex.fair.understanding import OPEN, TABLE_JOB


@handler(JOB, title=_("Matching"))
def run(
    ctx: JobContext, edition: str, per_talent: int, minimum: str, seed: int = 0
) -> dict[str, Any]:
    """Propose who should meet whom in an edition; the result is the run's figures."""
    # Here, not above: the engine's libraries take half a second to load.

    # The engine is loaded where it is used, not whenever Talex starts.
    from talex.engine.text.local_models import ModelError
    from talex.fair.proposing import nothing_to_match, solved, write_run

    where = Edition.objects.filter(pk=edition).first()
    if where is None:
        raise NotFound
    if not rules.can_match(ctx.actor, where.pk):
        raise NotAllowed
    command = RunMatching(per_talent=per_talent, minimum=float(minimum), seed=seed)
    started = now()

    def tell(done: int, total: int, message: str) -> None:
        ctx.check_cancelled()
        ctx.progress(done, total, message)

    try:
        made = solved(where, command, tell=tell)
    except ModelError as error:
        raise Conflict(str(error)) from error
    if made is None:
        raise nothing_to_match()
    found = write_run(ctx.actor, where, command, made, job=ctx.job_id, started=started, tell=tell)
    _prune_for(str(found.figures.get("model", "")))
    ctx.progress(100, 100)
    return {"run": str(found.pk), **found.figures}


@handler(MATCH_NEW, title=_("Proposals for new openings"))
def match_new(ctx: JobContext, edition: str) -> dict[str, Any]:
    """Propose the best talents for the openings that came after the last run."""
    from talex.fair import newly

    where = Edition.objects.filter(pk=edition).first()
    if where is None:
        raise NotFound
    if not rules.can_match(ctx.actor, where.pk):
        raise NotAllowed
    return {"proposals": newly.match_new(ctx.actor, where)}


@handler(searches.JOB, title=_("Alerts of saved searches"))
def alerts(ctx: JobContext, edition: str, owner: str = "") -> dict[str, Any]:
    """Look at the searches that are due (or at one owner's now) and mail what is new."""
    from talex.fair import mails

    where, one = UUID(edition), UUID(owner) if owner else None
    # A person asks for their own; all of them are the machine's business.
    if one is not None and ctx.actor.user != one:
        raise NotAllowed
    if one is None and not rules.can_match(ctx.actor, where):
        raise NotAllowed
    owners = searches.owners_due(where, one)
    for done, person in enumerate(owners):
        ctx.check_cancelled()
        searches.find_news(where, person, at_once=one is not None)
        ctx.progress(done + 1, len(owners))
    # Also those that an attempt that was killed has made and not begun to send.
    waiting = searches.waiting_alerts(where, one)
    sent = 0
    for pk in waiting:
        ctx.check_cancelled()
        sent += mails.send(pk)
    return {"searched": len(owners), "alerts": len(waiting), "mails": sent}


def _prune_for(model: str) -> None:
    """Vectors that an earlier table of terms or an earlier model left are of no more use."""
    from talex.fair.understanding import base_embedder

    embedders.prune(base_embedder().model_name, {model})


@handler(embedders.JOB, title=_("Vectors of texts"))
def vectors(ctx: JobContext) -> dict[str, Any]:
    """Make the vectors of every open edition under the chosen model; then the others go."""
    from talex.engine.text.local_models import ModelError
    from talex.fair.matching import warm
    from talex.fair.understanding import base_embedder, embedder_of

    if not ctx.actor.all_powerful:
        raise NotAllowed
    editions = list(Edition.objects.filter(state__in=OPEN).order_by("starts_on", "pk"))
    used: set[str] = set()
    texts = 0
    try:
        for at, edition in enumerate(editions):

            def tell(done: int, total: int, message: str, at: int = at) -> None:
                ctx.check_cancelled()
                share = (at + done / max(total, 1)) / len(editions)
                ctx.progress(round(1000 * share), 1000, message)

            embedder = embedder_of(edition)
            used.add(embedder.model_name)
            texts += warm(edition, embedder, tell)
        gone = embedders.prune(base_embedder().model_name, used)
    except ModelError as error:
        raise Conflict(str(error)) from error
    ctx.progress(1000, 1000)
    return {"texts": texts, "removed": gone, "models": sorted(used)}


@handler(embedders.USE, title=_("Trying a model"))
def use(
    ctx: JobContext, kind: str, target: str, model: str, dialect: str, confirmed: bool
) -> dict[str, Any]:
    """Try a model, choose it, and queue its vectors."""
    ctx.progress(0, 0, str(_("Trying it on four words")))
    command = embedders.UseEmbedder(kind, target, model, dialect, confirmed=confirmed)
    found = embedders.choose(ctx.actor, command, ctx.job_id)
    ctx.progress(1, 1)
    return {**found, "url": reverse("fair:understanding")}


@handler(TABLE_JOB, title=_("Preparing terms"))
def table(ctx: JobContext, edition: str) -> dict[str, Any]:
    """Make the concepts of an edition with those of a classification, for all processes."""
    where = Edition.objects.filter(pk=edition).first()
    if where is None:
        raise NotFound
    if not rules.can_edit_terms(ctx.actor, where.pk):
        raise NotAllowed
    return {"concepts": len(understanding.table_of(where).concepts)}


@handler(esco.LOOK, title=_("Looking at ESCO's files"))
def look_at_esco(ctx: JobContext, files: list[str], release: str = "") -> dict[str, Any]:
    """What ESCO's files hold: the preview before they are kept."""
    if not ctx.actor.all_powerful:
        raise NotAllowed
    ctx.progress(0, 1, str(_("Reading the files")))
    found = esco.look(ctx.actor, files)
    ctx.progress(1, 1)
    return {**found, "release": release, "url": reverse("fair:understanding")}


@handler(esco.KEEP, title=_("Bringing in ESCO"))
def keep_esco(ctx: JobContext, files: list[str], release: str = "") -> dict[str, Any]:
    """Keep ESCO's concepts for every edition."""

    def tell(done: int, total: int) -> None:
        ctx.check_cancelled()
        ctx.progress(done, total, str(_("Reading the files")))

    found = esco.keep(ctx.actor, files, release, tell)
    return {**found, "url": reverse("fair:understanding")}
