from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("meetings", "0004_versions_kept")]

    operations = [migrations.RemoveField(model_name="timetableversion", name="places")]
