"""Where an organisation is registered; told by the registration numbers that tell it."""

import re

from django.db import migrations, models
from stdnum.cn import uscc
from stdnum.eu import vat


def told_by_number(apps, schema_editor):
    Organisation = apps.get_model("participants", "Organisation")
    changed = []
    rows = Organisation.objects.exclude(registration_number="").only("id", "registration_number")
    for row in rows.iterator():
        code = re.sub(r"[\W_]+", "", row.registration_number).upper()
        if len(code) == 18 and uscc.is_valid(code):
            row.country = "CN"
        elif re.fullmatch(r"[A-Z]{2}[0-9A-Z]{7,13}", code) and vat.is_valid(code):
            row.country = {"EL": "GR", "XI": "GB"}.get(code[:2], code[:2])
        else:
            continue
        changed.append(row)
    Organisation.objects.bulk_update(changed, ["country"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("participants", "0006_keeping")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="country",
            field=models.CharField(blank=True, db_default="", default="", max_length=2),
        ),
        migrations.RunPython(told_by_number, migrations.RunPython.noop),
    ]
