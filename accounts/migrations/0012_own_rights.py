from django.db import migrations

from claimflow.lib.db import rls


class Migration(migrations.Migration):
    """What a person keeps for themselves is read and written at kind ``login``, which names one person: no colleague
    and no administrator has a grant."""

    dependencies = [("accounts", "0011_own"), ("audit", "0001_trail")]
    operations = [
        rls.Protect("accounts_keptform"),
        rls.Allow(
            "accounts_keptform",
            "login",
            select="user_id = {user}",
            insert="user_id = {user}",
            delete="user_id = {user}",
        ),
        rls.Allow(
            "accounts_keptform",
            "admin",
            select="{on}",
            select_columns=["id", "created_at", "updated_at", "user_id", "page", "because", "until"],
        ),
        rls.Allow(
            "accounts_keptform", "system", select="{on}", update="{on}", delete="{on}", columns=["content"]
        ),
        rls.Protect("accounts_usercontact"),
        rls.Allow(
            "accounts_usercontact",
            "login",
            select="user_id = {user}",
            insert="user_id = {user}",
            update="user_id = {user}",
            columns=["phone", "address", "updated_at"],
        ),
        rls.Allow(
            "accounts_usercontact",
            "admin",
            select="{on}",
            select_columns=["created_at", "updated_at", "user_id"],
        ),
        rls.Allow(
            "accounts_usercontact", "system", select="{on}", update="{on}", columns=["phone", "address"]
        ),
        rls.Protect("accounts_emailchange"),
        rls.Allow(
            "accounts_emailchange",
            "login",
            select="user_id = {user} OR old_token = {subject} OR new_token = {subject}",
            insert="user_id = {user}",
            update="user_id = {user} OR old_token = {subject} OR new_token = {subject}",
            columns=["old_confirmed_at", "new_confirmed_at", "updated_at"],
            delete="user_id = {user}",
        ),
        rls.Allow(
            "accounts_emailchange",
            "admin",
            select="{on}",
            select_columns=[
                "id",
                "created_at",
                "updated_at",
                "user_id",
                "old_confirmed_at",
                "new_confirmed_at",
                "until",
            ],
        ),
        rls.Allow(
            "accounts_emailchange", "system", select="{on}", update="{on}", delete="{on}", columns=["email"]
        ),
        # A person's own name and, confirmed at both addresses, own address; the row is theirs by the policy that stands.
        rls.Grant("UPDATE (first_name, last_name, email)", "accounts_user", ["login"]),
        # A person's own part of the trail: what they did and what was done to their account.
        rls.SQL(
            "CREATE POLICY event_login_select ON audit.event FOR SELECT TO {role:login}"
            " USING (actor_id = (SELECT ctx.usr('login'))"
            " OR (subject_kind = 'user' AND subject_id = (SELECT ctx.usr('login'))));"
            " GRANT SELECT ON audit.event TO {role:login};",
            "REVOKE SELECT ON audit.event FROM {role:login}; DROP POLICY event_login_select ON audit.event;",
            owner="auditor_owner",
        ),
    ]
