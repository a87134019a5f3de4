"""A version may also be what was changed one by one since the one before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0007_notice"),
    ]

    operations = [
        migrations.AlterField(
            model_name="timetableversion",
            name="origin",
            field=models.CharField(
                choices=[
                    ("timetable", "Timetable"),
                    ("repair", "Repair of the day"),
                    ("single", "Changed one by one"),
                ],
                default="timetable",
                max_length=10,
            ),
        ),
    ]
