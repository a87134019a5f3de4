"""What a check accepted is kept; for those accepted before: what they say now."""

from django.db import migrations, models

_PERSON = ("birth_year", "nationality")
_DEGREE = ("degree_level", "institution", "education")


def keep(apps, schema_editor):
    Case = apps.get_model("credentials", "Case")
    rows = Case.objects.filter(state="accepted", talent__isnull=False)
    rows = rows.filter(talent__erased_at__isnull=True).select_related("talent__person")
    for case in rows.iterator(chunk_size=500):
        talent, person = case.talent, case.talent.person
        names = person.names.order_by("-is_primary", "text").values_list("text", flat=True)
        facts = {"names": list(names)}
        if case.kind == "identity":
            facts |= {name: getattr(person, name) for name in _PERSON}
        else:
            facts |= {name: getattr(talent, name) for name in _DEGREE}
        case.accepted = facts
        case.save(update_fields=["accepted"])


class Migration(migrations.Migration):
    dependencies = [
        ("credentials", "0005_before_refusal"),
        ("participants", "0008_named_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="accepted",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop, elidable=True),
    ]
