from django.db import migrations

from claimflow.lib.db import rls

# Published lists and our own wording of them: nobody's secret, also before the door (ruling 4). Written only by the
# system: releases by an administrator through it, the short lists by a migration or a command.
TABLES = (
    "adjustmentreason",
    "coderelease",
    "icd10code",
    "icd10section",
    "icd10word",
    "modifier",
    "placeofservice",
    "procedure",
    "reasoncombination",
    "remarkcode",
)


class Migration(migrations.Migration):
    dependencies = [("codes", "0001_initial"), ("kernel", "0001_context")]
    operations = [
        *(
            rls.Public(
                f"codes_{table}",
                reason="a public code list",
                kinds=(*rls.SIGNED_IN, "anonymous"),
                writers=("system",),
            )
            for table in TABLES
        ),
        # `system` owns no table, so it can neither empty an index's pending list nor ANALYZE (ruling 3).
        rls.Function(
            "codes_settle()",
            returns="void",
            body="""
BEGIN
    PERFORM gin_clean_pending_list('public.icd10_code_search'::regclass);
    PERFORM gin_clean_pending_list('public.icd10_word_trigrams'::regclass);
    ANALYZE public.codes_icd10code;
    ANALYZE public.codes_icd10word;
END
""",
            execute=("system",),
        ),
    ]
