"""Forms of the operator's page on understanding texts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from talex.fair.remote_embedder import DIALECTS
from talex.fair.services.embedders import UseEmbedder
from talex.ui.forms import FileField

KINDS = (
    ("default", _("The one that comes with Talex: nothing leaves the house")),
    ("transformers", _("A sentence-transformers model, by name or folder on this server")),
    ("onnx", _("An ONNX model, by folder on this server")),
    ("remote", _("A service at an address: texts leave the house")),
)


class EmbedderForm(forms.Form):
    """Which model turns texts into vectors."""

    kind = forms.ChoiceField(
        label=_("Which model shall compare texts?"), choices=KINDS, widget=forms.RadioSelect
    )
    target = forms.CharField(
        label=_("Which name, folder or address?"),
        help_text=_("For example /srv/models/e5-small or https://vectors.example.org/v1. Not asked "
                    "for the model that comes with Talex."),
        required=False, max_length=500,
    )  # fmt: skip
    model = forms.CharField(
        label=_("What is the model called at the service?"), required=False, max_length=200
    )
    dialect = forms.ChoiceField(
        label=_("What does the service speak?"),
        choices=[(one, one) for one in DIALECTS],
        required=False,
    )
    confirm = forms.BooleanField(
        label=_("The texts listed above may be sent to this address"),
        help_text=_("Only for a service. Its key stands in the environment, never here."),
        required=False,
    )

    def command(self, data: dict[str, Any]) -> UseEmbedder:
        """What the service is asked."""
        remote = data["kind"] == "remote"
        return UseEmbedder(
            kind=data["kind"],
            target="" if data["kind"] == "default" else data["target"].strip(),
            model=data["model"].strip() if remote else "",
            dialect=data["dialect"] or DIALECTS[0],
            confirmed=bool(data["confirm"]),
        )


class EscoForm(forms.Form):
    """ESCO's files."""

    file = FileField(
        label=_("Which files of ESCO?"),
        help_text=_("The zip that ESCO's site sends, or its CSV files such as occupations_de.csv "
                    "and skills_de.csv, in every language you need."),
        accept=".zip,.csv",
    )  # fmt: skip
    release = forms.CharField(
        label=_("Which release is it?"),
        help_text=_("For example 1.2.0."),
        required=False,
        max_length=40,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Several at once; the view takes all of them.
        self.fields["file"].widget.attrs["multiple"] = True
