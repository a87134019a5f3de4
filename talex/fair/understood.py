"""What the operator's page on understanding texts shows: the model, ESCO, and their jobs."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import ngettext

from talex.core.actor import Actor
from talex.core.errors import NotAllowed
from talex.core.models import Job
from talex.fair import embedders
from talex.fair.models import EmbedderChoice, Term, TermSource
from talex.fair.services import embedders as models
from talex.fair.services import esco


@dataclass(frozen=True, slots=True)
class State:
    """The model that counts (None: the embedded one), whether its service may be sent texts, the
    last trial of a model and the last making of vectors, ESCO, and the last looking at and bringing
    in of its files."""

    choice: EmbedderChoice | None
    leaves: bool
    trial: Job | None
    vectors: Job | None
    source: TermSource | None
    look: Job | None
    keep: Job | None

    @property
    def kind(self) -> str:
        return self.choice.kind if self.choice else "default"

    @property
    def may_keep(self) -> bool:
        """Whether files were looked at and wait for a word."""
        return self._unkept and self.look is not None and esco.are_here(self.look)

    @property
    def gone(self) -> bool:
        """Whether files were looked at, and removed because nobody kept them."""
        return self._unkept and self.look is not None and not esco.are_here(self.look)

    @property
    def _unkept(self) -> bool:
        if self.look is None or self.look.state != "succeeded":
            return False
        return self.keep is None or self.keep.key != f"esco/{self.look.pk}"


def _last(kind: str) -> Job | None:
    return Job.objects.filter(kind=kind).order_by("-created_at").first()


def state(actor: Actor) -> State:
    """All of it, for the operator. Raises `NotAllowed`."""
    if not actor.all_powerful:
        raise NotAllowed
    choice = embedders.chosen()
    return State(
        choice,
        choice is not None and choice.kind == "remote",
        _last(models.USE),
        _last(models.JOB),
        TermSource.objects.filter(name="ESCO").first(),
        _last(esco.LOOK),
        _last(esco.KEEP),
    )


def lost_with_esco(source: TermSource) -> str:
    """What removing ESCO takes away, before somebody does."""
    theirs = Term.objects.filter(source=source).values("concept")
    own = Term.objects.filter(source__isnull=True, concept__in=theirs).count()
    lost = ngettext(
        "%(n)s concept with its labels in: %(languages)s. The next matching does without it.",
        "%(n)s concepts with their labels in: %(languages)s. The next matching does without them.",
        source.concepts,
    ) % {
        "n": number_format(source.concepts, force_grouping=True),
        "languages": ", ".join(source.languages),
    }
    if own:
        lost += " " + ngettext(
            "%(n)s own term that adds labels to one of them then stands alone.",
            "%(n)s own terms that add labels to them then stand alone.",
            own,
        ) % {"n": number_format(own, force_grouping=True)}
    return lost
