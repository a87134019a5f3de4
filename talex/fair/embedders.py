"""The model of vectors: which one is chosen, and the embedder that it is."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from talex.core.errors import Conflict, Invalid, Message
from talex.engine.text import Embedder, default_base
from talex.fair.models import EmbedderChoice

KINDS = ("default", "onnx", "transformers", "remote")
#: What a remote service is sent: (side, field, what of it).
LEAVES: tuple[tuple[Message, Message, Message], ...] = (
    (_("Talent"), _("current position"), _("as it is written")),
    (_("Talent"), _("disciplines"), _("the first three")),
    (_("Talent"), _("skills"), _("all")),
    (_("Talent"), _("profile"), _("the first 800 characters, without name, sex, age, nationality")),
    (_("Opening"), _("title"), _("as it is written")),
    (_("Opening"), _("skills"), _("all")),
    (_("Opening"), _("description"), _("the first 800 characters")),
    (_("Taxonomy and own terms"), _("labels"), _("of concepts that are mentioned")),
)


def chosen() -> EmbedderChoice | None:
    """The choice that counts; None where nobody chose, which is the default."""
    return EmbedderChoice.objects.order_by("-made_at").first()


def key() -> str:
    """The service's key: of the environment, or of the file it names. Raises `Invalid`."""
    if settings.TALEX_EMBEDDER_KEY:
        return str(settings.TALEX_EMBEDDER_KEY)
    file = settings.TALEX_EMBEDDER_KEY_FILE
    if not file:
        return ""
    try:
        return Path(file).expanduser().read_text("utf-8").strip()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Invalid(
            {
                "key": _("The file of TALEX_EMBEDDER_KEY_FILE cannot be read: %(why)s.")
                % {"why": why}
            }
        ) from error


def made(choice: EmbedderChoice | None, *, trial: bool = False) -> Embedder:
    """The embedder of a choice, not yet loaded. Raises `Conflict` for one that is not there.

    `trial`: a service is asked once and not waited for long; somebody waits for the answer.
    """
    if choice is None or choice.kind == "default":
        return default_base()
    from talex.engine.text.local_models import ModelError, OnnxEmbedder, TransformersEmbedder

    try:
        if choice.kind == "onnx":
            return OnnxEmbedder(Path(choice.target))
        if choice.kind == "transformers":
            return TransformersEmbedder(choice.target)
    except ModelError as error:
        raise Conflict(str(error)) from error
    from talex.fair.remote_embedder import TRIAL_TIMEOUT, RemoteEmbedder

    patience: dict[str, Any] = {"timeout": TRIAL_TIMEOUT, "waits": ()} if trial else {}
    return RemoteEmbedder(
        choice.target, choice.model, choice.dimension, dialect=choice.dialect, key=key(),
        **patience,
    )  # fmt: skip


@lru_cache(maxsize=2)
def _of(pk: UUID) -> Embedder:
    return made(EmbedderChoice.objects.get(pk=pk))


def base_embedder() -> Embedder:
    """The embedder of this installation, before concepts; loaded once a process."""
    choice = chosen()
    if choice is None or choice.kind == "default":
        return default_base()
    return _of(choice.pk)
