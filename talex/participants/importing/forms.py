"""Forms of imports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from talex.participants.importing.registry import ImportTarget
from talex.ui.forms import FileField, RadioCards


class UploadForm(forms.Form):
    """What is in the file, and where it comes from."""

    target = forms.ChoiceField(label=_("What does the file list?"), widget=RadioCards())
    file = FileField(
        label=_("Which file?"),
        accept=".csv,.tsv,.txt,.xlsx,.xlsm",
        by_content=True,
        says=_("CSV, TSV or Excel (.xlsx), as it is: any usual encoding, headings in Chinese, "
               "English or German."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Where does it come from?"),
        required=False,
        max_length=200,
        help_text=_(
            "A name such as 'Wuhan University, spring list'. Rows are known again by it: the next "
            "file of the same source brings in only what is new. Left empty, the file's name is "
            "taken."
        ),
    )

    def __init__(self, *args: Any, targets: list[ImportTarget], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["target"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(target.key, target.label) for target in targets]
        if len(targets) == 1:
            field.initial = targets[0].key
