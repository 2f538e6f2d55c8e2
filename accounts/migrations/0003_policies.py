from django.db import migrations

from claimflow.lib.db import rls

OWN_OR_PLATFORM = "organization_id = {org} OR ({on} AND {org} IS NULL)"

RESOLVE = """
BEGIN
    IF session_key_asked IS DISTINCT FROM ctx.subject('login') THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT s.session_data, s.expire_date, s.created_at, s.last_seen_at, s.is_verified, s.organization_id,
           u.id, u.email::text, u.first_name::text, u.last_name::text, u.role::text, u.organization_id,
           u.is_active, u.is_first_login,
           o.name::text, o.kind::text, o.type::text, o.status::text, p.time_zone::text,
           coalesce((SELECT array_agg(DISTINCT held ORDER BY held)
                     FROM public.accounts_rightgrant g
                     JOIN public.accounts_role r ON r.id = g.role_id
                     CROSS JOIN LATERAL unnest(r.permissions) AS held
                     WHERE g.user_id = u.id)::text[], '{}')
    FROM public.accounts_session s
    LEFT JOIN public.accounts_user u ON u.id = s.user_id
    LEFT JOIN public.accounts_organization o ON o.id = u.organization_id
    LEFT JOIN public.accounts_organizationprofile p ON p.organization_id = o.id
    WHERE s.session_key = session_key_asked;
END
"""
RESOLVED = (
    "TABLE (session_data text, expire_date timestamptz, created_at timestamptz, last_seen_at timestamptz,"
    " is_verified boolean, organization_id uuid, user_id uuid, user_email text, user_first_name text,"
    " user_last_name text, user_role text, user_organization_id uuid, user_is_active boolean,"
    " user_is_first_login boolean, organization_name text, organization_kind text, organization_type text,"
    " organization_status text, organization_time_zone text, user_permissions text[])"
)


def everything(table, kind="system", **more):
    return rls.Allow(table, kind, select="{on}", insert="{on}", update="{on}", **more)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_system_user"),
        ("kernel", "0001_context"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        # Organization: name and kind are nobody's secret among the signed-in (ruling 17).
        rls.Protect("accounts_organization"),
        *(
            rls.Allow("accounts_organization", kind, select="{on}")
            for kind in ("login", "provider", "payer", "auditor")
        ),
        everything("accounts_organization", "admin"),
        everything("accounts_organization"),
        rls.Allow("accounts_organization", "reader", select="true"),
        rls.Protect("accounts_organizationprofile"),
        rls.Allow("accounts_organizationprofile", "provider", select="organization_id = {org}"),
        rls.Allow("accounts_organizationprofile", "payer", select="organization_id = {org}"),
        rls.Allow("accounts_organizationprofile", "auditor", select=OWN_OR_PLATFORM),
        everything("accounts_organizationprofile", "admin"),
        everything("accounts_organizationprofile"),
        rls.Allow("accounts_organizationprofile", "reader", select="true"),
        # User: colleagues; at the door only the address or the person that the token names.
        rls.Protect("accounts_user"),
        rls.Allow(
            "accounts_user",
            "login",
            select="email = {subject} OR id = {user}",
            update="id = {user}",
            columns=["is_first_login", "updated_at"],
        ),
        rls.Allow("accounts_user", "provider", select="organization_id = {org}"),
        rls.Allow("accounts_user", "payer", select="organization_id = {org}"),
        rls.Allow("accounts_user", "auditor", select=OWN_OR_PLATFORM),
        rls.Allow(
            "accounts_user",
            "admin",
            select="{on}",
            insert="{on} AND NOT is_system",
            update="{on} AND NOT is_system",
            columns=["email", "first_name", "last_name", "is_active", "is_first_login", "updated_at"],
        ),
        everything("accounts_user"),
        rls.Allow("accounts_user", "reader", select="true"),
        # Credential: the hash is readable at the door alone; an administrator may set a new person's first one.
        rls.Protect("accounts_credential"),
        rls.Allow(
            "accounts_credential",
            "login",
            select="user_id = {user}",
            update="user_id = {user}",
            columns=["password", "changed_at", "temporary_until", "updated_at"],
        ),
        rls.Allow("accounts_credential", "admin", insert="{on}"),
        rls.Allow("accounts_credential", "system", insert="{on}"),
        rls.Protect("accounts_session"),
        rls.Allow(
            "accounts_session",
            "login",
            select="session_key = {subject} OR user_id = {user}",
            insert="session_key = {subject}",
            update="session_key = {subject}",
            columns=["session_data", "last_seen_at"],
            delete="session_key = {subject} OR user_id = {user}",
        ),
        rls.Allow(
            "accounts_session",
            "admin",
            select="{on}",
            delete="{on}",
            select_columns=[
                "session_key",
                "expire_date",
                "user_id",
                "organization_id",
                "is_verified",
                "address",
                "user_agent",
                "created_at",
                "last_seen_at",
            ],
        ),
        rls.Allow("accounts_session", "system", select="{on}", delete="{on}"),
        rls.Allow("accounts_session", "reader", select="true"),
        rls.Protect("accounts_throttle"),
        rls.Allow(
            "accounts_throttle",
            "login",
            select="key = {subject}",
            insert="key = {subject}",
            update="key = {subject}",
            delete="key = {subject}",
        ),
        rls.Allow("accounts_throttle", "system", select="{on}", delete="{on}"),
        rls.Protect("accounts_totpdevice"),
        rls.Allow(
            "accounts_totpdevice",
            "login",
            select="user_id = {user}",
            insert="user_id = {user}",
            update="user_id = {user}",
            delete="user_id = {user} AND NOT confirmed",
            columns=["confirmed", "last_step", "updated_at"],
        ),
        rls.Allow(
            "accounts_totpdevice",
            "admin",
            select="{on}",
            select_columns=["id", "user_id", "name", "confirmed", "last_step", "created_at", "updated_at"],
        ),
        rls.Allow("accounts_totpdevice", "system", select="{on}", insert="{on}", update="{on}"),
        rls.Public(
            "accounts_role",
            reason="names of roles and what they allow",
            kinds=(*rls.SIGNED_IN, "login", "reader"),
            writers=("admin", "system"),
        ),
        rls.Protect("accounts_rightgrant"),
        rls.Allow("accounts_rightgrant", "login", select="user_id = {user}"),
        rls.Allow("accounts_rightgrant", "provider", select="organization_id = {org}"),
        rls.Allow("accounts_rightgrant", "payer", select="organization_id = {org}"),
        rls.Allow("accounts_rightgrant", "auditor", select=OWN_OR_PLATFORM),
        rls.Allow("accounts_rightgrant", "admin", select="{on}", insert="{on}", delete="{on}"),
        rls.Allow("accounts_rightgrant", "system", select="{on}", insert="{on}", delete="{on}"),
        rls.Allow("accounts_rightgrant", "reader", select="true"),
        rls.Function(
            "accounts.resolve_session(session_key_asked text)",
            returns=RESOLVED,
            body=RESOLVE,
            execute=("login",),
            runs_as="reader",
            volatility="STABLE",
        ),
        rls.Grant("SELECT", "django_content_type", rls.SIGNED_IN),
    ]
