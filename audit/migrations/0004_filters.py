from django.db import migrations

from claimflow.lib.db import rls

# What each filter of the auditor's pages walks along, the newest first. What hardly happens has a part of an index: a
# list of warnings does not read past a million quiet events, and looking for what never happened ends at once.
FORWARDS = """
ALTER TABLE audit.event DROP CONSTRAINT event_severity_known;
ALTER TABLE audit.event ADD CONSTRAINT event_severity_known
    CHECK (severity IN ('info', 'notice', 'warning', 'critical')) NOT VALID;
ALTER TABLE audit.event VALIDATE CONSTRAINT event_severity_known;

CREATE INDEX event_action ON audit.event (action, at, id);
CREATE INDEX event_severe ON audit.event (severity, at, id) WHERE severity <> 'info';
CREATE INDEX event_failed ON audit.event (outcome, at, id) WHERE outcome <> 'success';
CREATE INDEX access_action ON audit.access (action, at, id);
CREATE INDEX access_nobodys_provider ON audit.access (provider_id, at) WHERE organization_id IS NULL;
CREATE INDEX access_nobodys_payer ON audit.access (payer_id, at) WHERE organization_id IS NULL;
"""
BACKWARDS = """
DROP INDEX audit.access_nobodys_payer, audit.access_nobodys_provider, audit.access_action;
DROP INDEX audit.event_failed, audit.event_severe, audit.event_action;
ALTER TABLE audit.event DROP CONSTRAINT event_severity_known;
ALTER TABLE audit.event ADD CONSTRAINT event_severity_known
    CHECK (severity IN ('info', 'warning', 'critical')) NOT VALID;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_seal_lag")]
    operations = [rls.SQL(FORWARDS, BACKWARDS, owner="auditor_owner")]
