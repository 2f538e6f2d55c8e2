from importlib import import_module

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import claimflow.lib.ids
from accounts.safeguards import PLATFORM_POLICY_ID
from claimflow.lib.db import rls

BEFORE = import_module("accounts.migrations.0003_policies")
RESOLVED = BEFORE.RESOLVED.removesuffix(")") + (
    ", address text, user_agent text, rights_digest text, password_changed_at timestamptz, policies jsonb)"
)
RESOLVE = BEFORE.RESOLVE.replace(
    "    FROM public.accounts_session s",
    """           , host(s.address), s.user_agent::text, s.rights_digest::text, c.changed_at,
           (SELECT jsonb_agg(to_jsonb(sp)) FROM public.accounts_securitypolicy sp
            WHERE sp.organization_id IS NULL OR sp.organization_id = u.organization_id)
    FROM public.accounts_session s
    LEFT JOIN public.accounts_credential c ON c.user_id = s.user_id""",
)


def resolve_session(body, returns):
    return rls.Function(
        "accounts.resolve_session(session_key_asked text)",
        returns=returns,
        body=body,
        execute=("login",),
        runs_as="reader",
        volatility="STABLE",
    )


def throttle(condition):
    return rls.Allow(
        "accounts_throttle", "login", select=condition, insert=condition, update=condition, delete=condition
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="EarlierPassword",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("password", models.CharField(max_length=255)),
                ("replaced_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SecurityPolicy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "minimum_length",
                    models.PositiveSmallIntegerField(
                        default=12,
                        help_text="Characters, 12 to 64.",
                        validators=[
                            django.core.validators.MinValueValidator(12),
                            django.core.validators.MaxValueValidator(64),
                        ],
                        verbose_name="shortest password",
                    ),
                ),
                (
                    "character_classes",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="How many of lower case, upper case, digits and signs a password must have; 0: not asked (NIST).",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(4),
                        ],
                        verbose_name="kinds of characters",
                    ),
                ),
                (
                    "expiry_days",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="0: never, as NIST SP 800-63B-4 asks.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(730),
                        ],
                        verbose_name="days until a password expires",
                    ),
                ),
                (
                    "history",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="0 to 10, beside the present one, which is always refused.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="earlier passwords refused",
                    ),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="From one address, 3 to 10.",
                        validators=[
                            django.core.validators.MinValueValidator(3),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="wrong tries until the lock",
                    ),
                ),
                (
                    "lock_minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="Doubled when it comes again.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="minutes of the lock",
                    ),
                ),
                (
                    "idle_minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(120),
                        ],
                        verbose_name="minutes without a request until a session ends",
                    ),
                ),
                (
                    "absolute_hours",
                    models.PositiveSmallIntegerField(
                        default=12,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(24),
                        ],
                        verbose_name="hours until a session ends in any case",
                    ),
                ),
                (
                    "second_factor_required",
                    models.BooleanField(
                        default=True,
                        help_text="Production cannot do without.",
                        verbose_name="second factor required",
                    ),
                ),
                (
                    "address_ranges",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=49),
                        blank=True,
                        default=list,
                        help_text="One in each line, such as 192.0.2.0/24 or 2001:db8::/32. Empty: from anywhere.",
                        size=None,
                        verbose_name="allowed address ranges",
                    ),
                ),
            ],
            options={
                "verbose_name": "security policy",
                "verbose_name_plural": "security policies",
            },
        ),
        migrations.AddField(
            model_name="credential",
            name="wrong_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="credential",
            name="wrong_tries",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="rights_digest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="throttle",
            name="account",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="throttle",
            name="locks",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="throttle",
            name="strict_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="throttle",
            index=models.Index(fields=["account"], name="throttle_account"),
        ),
        migrations.AddField(
            model_name="earlierpassword",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="earlier_passwords",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="securitypolicy",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AddIndex(
            model_name="earlierpassword",
            index=models.Index(fields=["user", "replaced_at"], name="earlier_password_user"),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.UniqueConstraint(
                fields=("organization",),
                name="security_policy_one_each",
                nulls_distinct=False,
                violation_error_message="This organization, or the platform, has its policy already. Change that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum_length__gte", 12), ("minimum_length__lte", 64)),
                name="security_policy_minimum_length",
                violation_error_message="minimum_length is from 12 to 64.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("character_classes__gte", 0), ("character_classes__lte", 4)),
                name="security_policy_character_classes",
                violation_error_message="character_classes is from 0 to 4.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("expiry_days__gte", 0), ("expiry_days__lte", 730)),
                name="security_policy_expiry_days",
                violation_error_message="expiry_days is from 0 to 730.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("history__gte", 0), ("history__lte", 10)),
                name="security_policy_history",
                violation_error_message="history is from 0 to 10.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("attempts__gte", 3), ("attempts__lte", 10)),
                name="security_policy_attempts",
                violation_error_message="attempts is from 3 to 10.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("lock_minutes__gte", 5), ("lock_minutes__lte", 1440)),
                name="security_policy_lock_minutes",
                violation_error_message="lock_minutes is from 5 to 1440.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("idle_minutes__gte", 5), ("idle_minutes__lte", 120)),
                name="security_policy_idle_minutes",
                violation_error_message="idle_minutes is from 5 to 120.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("absolute_hours__gte", 1), ("absolute_hours__lte", 24)),
                name="security_policy_absolute_hours",
                violation_error_message="absolute_hours is from 1 to 24.",
            ),
        ),
        # The platform's row stands before row security is forced: afterwards even the owner may not insert. Without it
        # the same figures hold (accounts/safeguards.py).
        rls.SQL(
            "INSERT INTO accounts_securitypolicy (id, created_at, updated_at, minimum_length, character_classes,"  # nosec B608
            " expiry_days, history, attempts, lock_minutes, idle_minutes, absolute_hours, second_factor_required,"
            f" address_ranges) VALUES ('{PLATFORM_POLICY_ID}', now(), now(), 12, 0, 0, 0, 5, 30, 30, 12, true, '{{}}')",
            "SELECT 1",
        ),
        rls.Protect("accounts_securitypolicy"),
        rls.Allow(
            "accounts_securitypolicy",
            "login",
            select="organization_id = {org} OR ({on} AND organization_id IS NULL)",
        ),
        *(
            rls.Allow("accounts_securitypolicy", kind, select="{on}", insert="{on}", update="{on}")
            for kind in ("admin", "system")
        ),
        rls.Allow("accounts_securitypolicy", "reader", select="true"),
        rls.Protect("accounts_earlierpassword"),
        rls.Allow(
            "accounts_earlierpassword",
            "login",
            select="user_id = {user}",
            insert="user_id = {user}",
            delete="user_id = {user}",
        ),
        # When a password was chosen, never its hash.
        rls.Allow("accounts_credential", "reader", select="true", select_columns=["user_id", "changed_at"]),
        rls.Grant("UPDATE (wrong_tries, wrong_since)", "accounts_credential", ("login",)),
        rls.Grant("SELECT (rights_digest)", "accounts_session", ("admin",)),
        # One token reaches all rows of an account.
        rls.Withdraw(throttle("key = {subject}")),
        throttle("account = {subject}"),
        rls.Withdraw(resolve_session(BEFORE.RESOLVE, BEFORE.RESOLVED)),
        resolve_session(RESOLVE, RESOLVED),
    ]
