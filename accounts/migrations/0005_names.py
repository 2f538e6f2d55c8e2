from django.db import migrations


class Migration(migrations.Migration):
    """Words for the administration's pages; the tables stay as they are."""

    dependencies = [("accounts", "0004_administration")]
    operations = [
        migrations.AlterModelOptions(
            "rightgrant", {"verbose_name": "role held", "verbose_name_plural": "roles held"}
        ),
        migrations.AlterModelOptions("totpdevice", {"verbose_name": "authenticator"}),
    ]
