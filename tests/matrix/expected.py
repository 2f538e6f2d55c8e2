"""What every kind may do with every table: the one list that the access matrix holds the database to.

How to read it: tests/matrix/grid.py. A new table costs its block here and its line in tests/matrix/samples.py.
"""

from tests.matrix.grid import read

COLUMNS = {
    "identity": "email first_name last_name is_active is_first_login updated_at",
    "password": "password changed_at temporary_until updated_at",
}

TABLE = """
# kind                        see                   add                change                       remove

accounts_organization
    anonymous                 -                     -                  -                            -
    login                     all                   -                  -                            -
    provider,payer,auditor    all                   -                  -                            -
    admin                     all                   all                all                          -
    system                    all                   all                all                          -
    reader                    all                   -                  -                            -

accounts_organizationprofile
    anonymous,login           -                     -                  -                            -
    provider,payer            own                   -                  -                            -
    auditor                   scoped                -                  -                            -
    admin                     all                   all                all                          -
    system                    all                   all                all                          -
    reader                    all                   -                  -                            -

accounts_user
    anonymous                 -                     -                  -                            -
    login                     mine+named            -                  mine(is_first_login,updated_at)  -
    provider,payer            own                   -                  -                            -
    auditor                   scoped                -                  -                            -
    admin                     all                   all-robot-second_robot         all-robot(@identity)         -
    system                    all                   all                all                          -
    reader                    all                   -                  -                            -

accounts_credential           # nobody but the person at the door reads or changes a hash
    anonymous                 -                     -                  -                            -
    login                     mine                  -                  mine(@password)              -
    provider,payer,auditor    -                     -                  -                            -
    admin,system              -                     all                -                            -

accounts_session
    anonymous                 -                     -                  -                            -
    login                     mine+named            named              named(session_data,last_seen_at)  mine+named
    provider,payer,auditor    -                     -                  -                            -
    admin                     all(-session_data)    -                  -                            all
    system                    all                   -                  -                            all
    reader                    all                   -                  -                            -

accounts_throttle
    anonymous                 -                     -                  -                            -
    login                     named                 named              named                        named
    provider,payer,auditor    -                     -                  -                            -
    admin                     -                     -                  -                            -
    system                    all                   -                  -                            all

accounts_totpdevice           # the samples are not confirmed yet
    anonymous                 -                     -                  -                            -
    login                     mine                  mine+working       mine(confirmed,last_step,updated_at)  mine
    provider,payer,auditor    -                     -                  -                            -
    admin                     all(-secret)          -                  -                            -
    system                    all                   all                all                          -

accounts_role           public  # names of roles and what they allow
    anonymous                 -                     -                  -                            -
    login                     all                   -                  -                            -
    provider,payer,auditor    all                   -                  -                            -
    admin,system              all                   all                all                          all
    reader                    all                   -                  -                            -

accounts_rightgrant
    anonymous                 -                     -                  -                            -
    login                     mine                  -                  -                            -
    provider,payer            own                   -                  -                            -
    auditor                   scoped                -                  -                            -
    admin,system              all                   all                -                            all
    reader                    all                   -                  -                            -

# The kernel's own and the packages' tables: no health data, no tenant

ctx.key                 open
    everyone                  -                     -                  -                            -

jobs.allowed            open
    everyone                  -                     -                  -                            -

procrastinate_jobs      open  # arguments are ids only
    admin,system              all                   -                  -                            -
    everyone                  -                     -                  -                            -

procrastinate_events    open
    admin,system              all                   -                  -                            -
    everyone                  -                     -                  -                            -

procrastinate_workers   open
    admin,system              all                   -                  -                            -
    everyone                  -                     -                  -                            -

procrastinate_periodic_defers  open
    everyone                  -                     -                  -                            -

django_migrations       open
    system                    all                   -                  -                            -
    everyone                  -                     -                  -                            -

django_content_type     open
    anonymous,login           -                     -                  -                            -
    provider,payer,auditor    all                   -                  -                            -
    admin,system              all                   -                  -                            -

auth_permission         open
    everyone                  -                     -                  -                            -

auth_group              open
    everyone                  -                     -                  -                            -

auth_group_permissions  open
    everyone                  -                     -                  -                            -

django_admin_log        open
    everyone                  -                     -                  -                            -

auditlog_logentry       open
    everyone                  -                     -                  -                            -
"""

EXPECTED = read(TABLE, COLUMNS)
