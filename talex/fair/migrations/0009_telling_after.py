"""Mails about requests are written by the worker from now on: what is in the ledger was told."""

from django.db import migrations


def begin_here(apps, schema_editor):
    Head = apps.get_model("ledger", "Head")
    Consumer = apps.get_model("ledger", "Consumer")
    Consumer.objects.bulk_create(
        [
            Consumer(name="fair.telling", chain=chain, cursor=number)
            for chain, number in Head.objects.values_list("chain", "number")
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('fair', '0008_applying'),
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(begin_here, migrations.RunPython.noop),
    ]
