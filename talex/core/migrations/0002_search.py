"""The documents of the search, and the index that each database finds them by."""

import uuid

from django.db import migrations, models

import talex.core.models

VECTOR = (
    "(setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'B'))"
)


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE core_search_words USING fts5(title, body, tokenize='ascii')"
        )
    else:
        schema_editor.execute(
            f"CREATE INDEX core_search_words ON core_searchdocument USING gin ({VECTOR})"
        )


def drop_index(apps, schema_editor):
    what = "TABLE" if schema_editor.connection.vendor == "sqlite" else "INDEX"
    schema_editor.execute(f"DROP {what} core_search_words")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=talex.core.models._number, unique=True)),
                ("source", models.CharField(max_length=40)),
                ("object_id", models.UUIDField()),
                ("edition_id", models.UUIDField()),
                ("level", models.CharField(max_length=12)),
                ("title", models.TextField(blank=True)),
                ("body", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "object_id", "edition_id", "level"), name="core_search_once"
                    )
                ],
            },
        ),
        migrations.RunPython(make_index, drop_index),
    ]
