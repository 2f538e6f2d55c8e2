from django.db import migrations, models

from claimflow.lib.db import rls

# side, name until now, name from now on
RENAMED = (
    ("provider", "Provider administrator", "Organization administrator"),
    ("payer", "Payer administrator", "Organization administrator"),
    ("payer", "Payer auditor", "Auditor"),
    ("admin", "Platform auditor", "Auditor"),
)


def renaming(pairs):
    return ";".join(
        f"UPDATE accounts_role SET name = '{new}', updated_at = now() WHERE side = '{side}' AND name = '{old}'"  # our own words  # nosec B608
        for side, old, new in pairs
    )


def writing(condition):
    """The policies of whoever composes roles, with one condition more or less."""
    return ";".join(
        f"ALTER POLICY accounts_role_{kind}_{command} ON accounts_role {clause.format(rls.expression(condition, kind))}"
        for kind in ("admin", "system")
        for command, clause in (
            ("insert", "WITH CHECK ({0})"),
            ("update", "USING ({0}) WITH CHECK ({0})"),
            ("delete", "USING ({0})"),
        )
    )


class Migration(migrations.Migration):
    """A role's name is its side's; shipped roles change their name, keep their row, and are written by migrate alone."""

    dependencies = [("accounts", "0008_recovery")]
    operations = [
        migrations.AlterField("role", "name", models.CharField(max_length=60)),
        rls.SQL(
            renaming(RENAMED),
            renaming((side, new, old) for side, old, new in RENAMED),
        ),
        migrations.AddConstraint(
            "role",
            models.UniqueConstraint(
                fields=("side", "name"),
                name="role_name_once",
                violation_error_message="This side has a role of this name already.",
            ),
        ),
        rls.SQL(writing("{on} AND NOT is_system"), writing("{on}")),
    ]
