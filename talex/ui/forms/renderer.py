"""The form renderer: every form in the pattern of this face (settings: FORM_RENDERER)."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class TalexFormRenderer(TemplatesSetting):
    """Label as a question, hint, error beside the field, a summary on top that links to each."""

    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    field_template_name = "ui/forms/field.html"
