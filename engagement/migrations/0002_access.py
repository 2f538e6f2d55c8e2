"""Who may do what with notices: the system writes, the organization reads, a reader leaves a mark (ruling 10)."""

from django.db import migrations

from claimflow.lib.db import rls

OWN = "organization_id = {org}"


class Migration(migrations.Migration):
    dependencies = [("engagement", "0001_initial")]
    operations = [
        rls.Protect("engagement_notice"),
        rls.Allow("engagement_notice", "provider", select=OWN),
        rls.Allow("engagement_notice", "payer", select=OWN),
        rls.Allow("engagement_notice", "admin", select="{on}"),
        rls.Allow("engagement_notice", "system", select="{on}", insert="{on}"),
        rls.Protect("engagement_noticereading"),
        rls.Allow("engagement_noticereading", "provider", select=OWN, insert=f"{OWN} AND user_id = {{user}}"),
        rls.Allow("engagement_noticereading", "payer", select=OWN, insert=f"{OWN} AND user_id = {{user}}"),
        rls.Allow("engagement_noticereading", "admin", select="{on}"),
        rls.Allow("engagement_noticereading", "system", select="{on}"),
    ]
