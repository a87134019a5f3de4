"""Forms of the organiser's own terms."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message
from talex.editions.models import Edition
from talex.engine.text import Concept, Kind
from talex.fair.models import Term
from talex.fair.services.terms import SaveTerm, named
from talex.fair.terms import LANGUAGES
from talex.fair.understanding import own_table
from talex.ui.forms.fields import FileField, TagsField

KINDS: dict[str, Message] = {
    Kind.SKILL.value: _("Skill"),
    Kind.OCCUPATION.value: _("Occupation"),
    Kind.DISCIPLINE.value: _("Discipline"),
    Kind.INDUSTRY.value: _("Industry"),
    Kind.DEGREE.value: _("Degree"),
}
LABELS = (("zh", _("In Chinese")), ("en", _("In English")), ("de", _("In German")))


class TermForm(forms.Form):
    """A term: labels in each language, the preferred one first."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=list(KINDS.items()))
    label_zh = TagsField(label=LABELS[0][1], required=False)
    label_en = TagsField(label=LABELS[1][1], required=False)
    label_de = TagsField(label=LABELS[2][1], required=False)
    others = TagsField(
        label=_("In other languages"), required=False,
        help_text=_("With the language's code, for example “fr: soudage”."),
    )  # fmt: skip
    abbreviations = TagsField(
        label=_("Abbreviations"), required=False,
        help_text=_("They are found only as they are written here, with capitals."),
    )  # fmt: skip
    industry = forms.ChoiceField(label=_("To which industry does it belong?"), required=False)
    # Which version the writer saw: another one's words are not written over unseen.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    asked_as: ClassVar[dict[str, str]] = {"labels": "label_zh", "parents": "industry"}

    def __init__(
        self, *args: Any, edition: Edition, concept: Concept | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.concept = concept
        industries = [one for one in own_table(edition).concepts if one.kind is Kind.INDUSTRY]
        named_ones = sorted(((one.id, named(one)) for one in industries), key=lambda one: one[1])
        field = self.fields["industry"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("None")), *named_ones]
        if concept is not None:
            # Labels are added; what the concept is and belongs to stays.
            del self.fields["kind"], self.fields["industry"]

    @staticmethod
    def initial_of(term: Term) -> dict[str, Any]:
        """What stands in the form of a term that is kept."""
        others = [
            f"{language}: {label}"
            for language, labels in term.labels.items()
            if language not in LANGUAGES
            for label in labels
        ]
        return {
            "kind": term.kind,
            **{f"label_{code}": term.labels.get(code, []) for code in LANGUAGES},
            "others": others,
            "abbreviations": term.abbreviations,
            "industry": term.parents[0] if term.parents else "",
            "version": term.version,
        }

    def clean_others(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for text in self.cleaned_data["others"]:
            language, sign, label = text.replace("：", ":").partition(":")
            if not sign or not label.strip():
                raise forms.ValidationError(
                    _("Write the language's code, a colon and the label: “fr: soudage”.")
                )
            found.setdefault(language.strip().lower(), []).append(label.strip())
        return found

    def command(self, data: dict[str, Any], term: Term | None) -> SaveTerm:
        """What the service is asked."""
        labels = {code: data[f"label_{code}"] for code in LANGUAGES if data[f"label_{code}"]}
        industry = data.get("industry")
        return SaveTerm(
            kind=self.concept.kind.value if self.concept else data["kind"],
            labels={**labels, **data["others"]},
            concept=self.concept.id if self.concept else "",
            parents=[industry] if industry else [],
            abbreviations=data["abbreviations"],
            id=term.pk if term else None,
            version=data["version"] if term else None,
        )


class TermFileForm(forms.Form):
    """A file of terms."""

    file = FileField(
        label=_("Which file?"),
        help_text=_("CSV or XLSX with the columns concept, kind, parent, abbr and one for each "
                    "language (zh, en, de, …); labels of a cell are "
                    "parted by |. The export has this form."),
    )  # fmt: skip
