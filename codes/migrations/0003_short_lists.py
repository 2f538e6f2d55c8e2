from django.db import migrations

from codes.actions.reference import load_reference_codes


def load(apps, _schema_editor):
    load_reference_codes(lambda name: apps.get_model("codes", name))


class Migration(migrations.Migration):
    """Rows only; `manage.py load_reference_codes` writes later changes of codes/data."""

    dependencies = [("codes", "0002_grants")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=True)]
