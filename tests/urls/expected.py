"""Every named URL and who gets what: the list that tests/test_house.py holds the site to.

The standings are those of tests/urls/cast.py. door: sent to sign in, or to the door's next step. 200 and 302: served.
403: without the role for such a page, whoever owns the thing. 404: the thing is another organization's. A method that a
URL has no line for is refused (405, or 403 before). The administrator's site is Django's and is held by tests/admin.
A line without the last five standings has one answer for everybody who is signed in; they are not asked.
"""

TABLE = """
# name                              of what          anon half bill clrk strn adju coll rivl audt admn over clin supv frgn offc supp

home                           GET  -                door door 302  302  302  302  302  302  302  302  302

accounts:sign_in               GET  -                200  door door door door door door door door door door
accounts:sign_in               POST -                200  200  200  200  200  200  200  200  200  200  200
accounts:next_step             GET  -                door door 302  302  302  302  302  302  302  302  302
accounts:code                  GET  -                door 200  door door door door door door door door door
accounts:code                  POST -                door 200  door door door door door door door door door
accounts:sign_out              POST -                door door door door door door door door door door door
accounts:nothing_yet           GET  -                door door 200  200  200  200  200  200  200  200  200
accounts:first_password        GET  -                door door door door door door door door door door door
accounts:first_password        POST -                door door door door door door door door door door door
accounts:first_factor          GET  -                door door door door door door door door door door door
accounts:first_factor          POST -                door door door door door door door door door door door
accounts:account               GET  -                door door 200  200  200  200  200  200  200  200  200
accounts:details               GET  -                door door 200  200  200  200  200  200  200  200  200
accounts:details               POST -                door door 200  200  200  200  200  200  200  200  200
accounts:password              GET  -                door door 200  200  200  200  200  200  200  200  200
accounts:password              POST -                door door 200  200  200  200  200  200  200  200  200
accounts:factor                GET  -                door door 200  200  200  200  200  200  200  200  200
accounts:factor                POST -                door door 200  200  200  200  200  200  200  200  200
accounts:email                 GET  -                door door 200  200  200  200  200  200  200  200  200
accounts:email                 POST -                door door 200  200  200  200  200  200  200  200  200
accounts:email_stop            POST -                door door 302  302  302  302  302  302  302  302  302
accounts:email_agree           GET  -                200  200  200  200  200  200  200  200  200  200  200
accounts:email_agree           POST -                200  200  200  200  200  200  200  200  200  200  200
accounts:email_link            GET  token            302  302  302  302  302  302  302  302  302  302  302
accounts:end_one               POST -                door door 302  302  302  302  302  302  302  302  302
accounts:end_others            POST -                door door 302  302  302  302  302  302  302  302  302
accounts:session               GET  -                200  200  200  200  200  200  200  200  200  200  200
accounts:session               POST -                200  200  200  200  200  200  200  200  200  200  200
accounts:forgotten             GET  -                200  200  200  200  200  200  200  200  200  200  200
accounts:forgotten             POST -                200  200  200  200  200  200  200  200  200  200  200
accounts:forgotten_sent        GET  -                200  200  200  200  200  200  200  200  200  200  200
accounts:forgotten_link        GET  token            302  302  302  302  302  302  302  302  302  302  302
accounts:forgotten_password    GET  -                200  200  200  200  200  200  200  200  200  200  200
accounts:forgotten_password    POST -                200  200  200  200  200  200  200  200  200  200  200
accounts:backup_codes          GET  -                door door 200  200  200  200  200  200  200  200  200
accounts:backup_codes          POST -                door door 302  302  302  302  302  302  302  302  302
accounts:backup_codes_shown    GET  -                door door door door door door door door door door door
accounts:confirm               GET  -                door door 200  200  200  200  200  200  200  200  200
accounts:confirm               POST -                door door 200  200  200  200  200  200  200  200  200

accounts:alerts                GET  -                door door 403  200  200  403  200  403  403  200  403  403  403  200  200  403
accounts:alert                 GET  alert            door door 403  404  404  403  200  403  403  200  403  403  403  404  200  403
accounts:alert_take            POST alert            door door 403  404  404  403  302  403  403  302  403  403  403  404  302  403
accounts:alert_resolve         POST alert            door door 403  404  404  403  200  403  403  200  403  403  403  404  200  403
accounts:people                GET  -                door door 403  200  200  403  200  403  403  404  403  403  403  200  403  403
accounts:invite                GET  -                door door 403  200  200  403  200  403  403  404  403  403  403  200  403  403
accounts:invite                POST -                door door 403  200  200  403  200  403  403  404  403  403  403  200  403  403
accounts:person_password       GET  -                door door 403  302  302  403  302  403  403  404  403  403  403  302  403  403
accounts:person                GET  person           door door 403  200  404  403  404  403  403  404  403  403  403  404  403  403
accounts:person                POST person           door door 403  200  404  403  404  403  403  404  403  403  403  404  403  403
accounts:person_active         GET  person           door door 403  200  404  403  404  403  403  404  403  403  403  404  403  403
accounts:person_active         POST person           door door 403  302  404  403  404  403  403  404  403  403  403  404  403  403
accounts:person_reset_password GET  person           door door 403  200  404  403  404  403  403  404  403  403  403  404  403  403
accounts:person_reset_password POST person           door door 403  302  404  403  404  403  403  404  403  403  403  404  403  403
accounts:person_reset_factor   GET  person           door door 403  200  404  403  404  403  403  404  403  403  403  404  403  403
accounts:person_reset_factor   POST person           door door 403  200  404  403  404  403  403  404  403  403  403  404  403  403
accounts:person_unlock         POST person           door door 403  302  404  403  404  403  403  404  403  403  403  404  403  403
accounts:person_sign_out       POST person           door door 403  302  404  403  404  403  403  404  403  403  403  404  403  403

notices:list                   GET  -                door door 200  403  200  200  403  200  403  403  403  200  200  403  403  403
notices:mark_read              POST -                door door 302  302  302  302  302  302  302  302  302

codes:browse                   GET  -                door door 200  200  200  200  200  200  200  200  200
codes:icd10_search             GET  -                door door 200  200  200  200  200  200  200  200  200
codes:chapter                  GET  chapter          door door 200  200  200  200  200  200  200  200  200
codes:block                    GET  block            door door 200  200  200  200  200  200  200  200  200
codes:icd10_code               GET  code             door door 200  200  200  200  200  200  200  200  200
codes:procedure_search         GET  -                door door 200  200  200  200  200  200  200  200  200
codes:modifier_search          GET  -                door door 200  200  200  200  200  200  200  200  200
codes:place_search             GET  -                door door 200  200  200  200  200  200  200  200  200
codes:reason_search            GET  -                door door 200  200  200  200  200  200  200  200  200
codes:remark_search            GET  -                door door 200  200  200  200  200  200  200  200  200

audit:events                   GET  -                door door 200  403  200  403  403  200  200  200  200  403  200  403  200  403
audit:reads                    GET  -                door door 200  403  200  403  403  200  200  200  200  403  200  403  200  403
audit:who_saw                  GET  -                door door 200  403  200  403  403  200  200  200  200  403  200  403  200  403
audit:who_saw                  POST -                door door 200  403  200  403  403  200  200  200  200  403  200  403  200  403
audit:export                   GET  -                door door 200  403  200  403  403  200  200  200  200  403  200  403  200  403
audit:verify                   POST -                door door 302  403  302  403  403  302  302  302  302  403  302  403  302  403

members:patients               GET  -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
members:patients               POST -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
members:patient_add            GET  -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
members:patient_add            POST -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
members:patient                GET  patient          door door 200  403  404  403  403  403  403  403  403  403  403  403  403  403
members:patient_edit           GET  patient          door door 200  403  404  403  403  403  403  403  403  403  403  403  403  403
members:patient_edit           POST patient          door door 200  403  404  403  403  403  403  403  403  403  403  403  403  403
members:coverage_check         POST patient_coverage door door 302  403  404  403  403  403  403  403  403  302  403  403  403  403
members:billing_providers      GET  -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
members:billing_provider_add   GET  -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
members:billing_provider_add   POST -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
members:billing_provider       GET  billing_provider door door 200  403  404  403  403  403  403  403  403  403  403  403  403  403
members:billing_provider       POST billing_provider door door 200  403  404  403  403  403  403  403  403  403  403  403  403  403
members:practitioners          GET  -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
members:practitioner_add       GET  -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
members:practitioner_add       POST -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
members:practitioner           GET  practitioner     door door 200  403  404  403  403  403  403  403  403  403  403  403  403  403
members:practitioner           POST practitioner     door door 200  403  404  403  403  403  403  403  403  403  403  403  403  403
members:facilities             GET  -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
members:facility_add           GET  -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
members:facility_add           POST -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
members:facility               GET  facility         door door 200  403  404  403  403  403  403  403  403  403  403  403  403  403
members:facility               POST facility         door door 200  403  404  403  403  403  403  403  403  403  403  403  403  403
members:members                GET  -                door door 403  403  403  200  403  200  403  403  403  403  200  403  403  403
members:members                POST -                door door 403  403  403  200  403  200  403  403  403  403  200  403  403  403
members:member_add             GET  -                door door 403  403  403  200  403  200  403  403  403  403  200  403  403  403
members:member_add             POST -                door door 403  403  403  200  403  200  403  403  403  403  200  403  403  403
members:plans                  GET  -                door door 403  403  403  200  403  200  403  403  403  403  200  403  403  403
members:plan_add               GET  -                door door 403  403  403  200  403  200  403  403  403  403  200  403  403  403
members:plan_add               POST -                door door 403  403  403  200  403  200  403  403  403  403  200  403  403  403
members:plan                   GET  plan             door door 403  403  403  200  403  404  403  403  403  403  200  403  403  403
members:plan                   POST plan             door door 403  403  403  200  403  404  403  403  403  403  200  403  403  403
members:roster                 GET  -                door door 403  403  403  200  403  200  403  403  403  403  200  403  403  403
members:roster                 POST -                door door 403  403  403  200  403  200  403  403  403  403  200  403  403  403
members:roster_template        GET  -                door door 403  403  403  200  403  200  403  403  403  403  200  403  403  403
members:roster_preview         GET  roster           door door 403  403  403  200  403  404  403  403  403  403  200  403  403  403
members:roster_confirm         POST roster           door door 403  403  403  302  403  404  403  403  403  403  302  403  403  403
members:roster_discard         POST roster           door door 403  403  403  302  403  404  403  403  403  403  302  403  403  403
members:member                 GET  member           door door 403  403  403  200  403  404  403  403  403  403  200  403  403  403
members:member_end             GET  member           door door 403  403  403  200  403  404  403  403  403  403  200  403  403  403
members:member_end             POST member           door door 403  403  403  200  403  404  403  403  403  403  200  403  403  403
members:coverage_add           GET  member           door door 403  403  403  200  403  404  403  403  403  403  200  403  403  403
members:coverage_add           POST member           door door 403  403  403  200  403  404  403  403  403  403  200  403  403  403
members:coverage_end           GET  coverage         door door 403  403  403  200  403  404  403  403  403  403  200  403  403  403
members:coverage_end           POST coverage         door door 403  403  403  200  403  404  403  403  403  403  200  403  403  403
members:coverage_verify        GET  coverage         door door 403  403  403  200  403  404  403  403  403  403  200  403  403  403
members:coverage_verify        POST coverage         door door 403  403  403  200  403  404  403  403  403  403  200  403  403  403

claims:home                    GET  -                door door 200  403  200  403  403  403  403  403  403  200  403  403  403  403
claims:list                    GET  -                door door 200  403  200  403  403  403  403  403  403  200  403  403  403  403
claims:find                    POST -                door door 302  403  302  403  403  403  403  403  403  302  403  403  403  403
claims:new                     GET  -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
claims:new                     POST -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
claims:check                   POST -                door door 200  403  200  403  403  403  403  403  403  403  403  403  403  403
claims:drafts                  GET  -                door door 200  403  200  403  403  403  403  403  403  200  403  403  403  403
claims:draft                   GET  draft            door door 200  403  404  404  404  404  404  403  403  403  404  404  403  403
claims:draft                   POST draft            door door 200  403  404  404  404  404  404  403  403  403  404  404  403  403
claims:draft_delete            GET  draft            door door 200  403  404  404  404  404  404  403  403  403  404  404  403  403
claims:draft_delete            POST draft            door door 302  403  404  404  404  404  404  403  403  403  404  404  403  403
claims:detail                  GET  claim            door door 200  403  404  404  404  404  404  404  404  200  404  404  404  404
claims:withdraw                GET  claim            door door 200  403  404  404  404  404  404  404  404  403  404  404  404  404
claims:withdraw                POST claim            door door 302  403  404  404  404  404  404  404  404  403  404  404  404  404
claims:glass                   GET  -                door door 403  403  403  403  403  403  403  200  200  403  403  403  200  403
claims:glass_open              GET  -                door door 403  403  403  403  403  403  403  200  200  403  403  403  403  403
claims:glass_open              POST -                door door 403  403  403  403  403  403  403  200  200  403  403  403  403  403
claims:glass_claim             GET  glass            door door 403  403  403  403  403  403  403  404  200  403  403  403  403  403
claims:glass_sign_off          GET  glass            door door 403  403  403  403  403  403  403  200  403  403  403  403  200  403
claims:glass_sign_off          POST glass            door door 403  403  403  403  403  403  403  200  403  403  403  403  200  403
claims:correct                 POST claim            door door 302  403  404  403  403  404  403  403  403  403  403  404  403  403

payer:queue                    GET  -                door door 403  403  403  200  403  200  403  403  403  403  200  403  403  403
payer:authority                GET  payer_person     door door 403  404  404  403  200  403  403  404  403  403  403  404  403  403
payer:authority                POST payer_person     door door 403  404  404  403  302  403  403  404  403  403  403  404  403  403
payer:next                     POST -                door door 403  403  403  302  403  302  403  403  403  403  302  403  403  403
payer:numbers                  GET  -                door door 403  403  403  403  403  200  403  200  200  403  200  403  200  403
payer:suggestions              GET  -                door door 403  403  403  403  403  200  403  200  200  403  200  403  200  403
payer:recategorize             GET  -                door door 403  403  403  403  403  200  403  403  403  403  200  403  403  403
payer:recategorize             POST -                door door 403  403  403  403  403  302  403  403  403  403  200  403  403  403
payer:recategorization         GET  run              door door 403  403  403  403  403  404  403  403  403  403  200  404  403  403
payer:recategorization_step    POST run              door door 403  403  403  403  403  404  403  403  403  403  302  404  403  403
payer:export                   GET  -                door door 200  403  200  200  403  200  403  403  403  403  200  403  403  403
payer:desk                     GET  held             door door 403  403  404  200  403  404  403  403  403  403  200  404  403  403
payer:take                     POST claim            door door 403  403  404  302  403  404  403  403  403  403  302  404  403  403
payer:assign                   POST held             door door 403  403  404  403  403  404  403  403  403  403  302  404  403  403
payer:decide                   POST held             door door 403  403  404  302  403  404  403  403  403  403  302  404  403  403
payer:return                   POST held             door door 403  403  404  302  403  404  403  403  403  403  302  404  403  403
payer:release                  POST held             door door 403  403  404  302  403  404  403  403  403  403  302  404  403  403
payer:pend                     GET  held             door door 403  403  404  200  403  404  403  403  403  403  302  404  403  403
payer:pend                     POST held             door door 403  403  404  200  403  404  403  403  403  403  200  404  403  403
payer:priority                 GET  held             door door 403  403  404  200  403  404  403  403  403  403  200  404  403  403
payer:priority                 POST held             door door 403  403  404  200  403  404  403  403  403  403  200  404  403  403
payer:resume                   POST held             door door 403  403  404  302  403  404  403  403  403  403  302  404  403  403
payer:note                     POST held             door door 403  403  404  302  403  404  403  403  403  403  302  404  403  403

healthz                        GET  -                200  200  200  200  200  200  200  200  200  200  200
readyz                         GET  -                200  200  200  200  200  200  200  200  200  200  200
api_health                     GET  -                200  200  200  200  200  200  200  200  200  200  200
api_health_db                  GET  -                200  200  200  200  200  200  200  200  200  200  200
gallery                        GET  -                200  200  200  200  200  200  200  200  200  200  200
gallery_codes                  GET  -                200  200  200  200  200  200  200  200  200  200  200
gallery_check                  GET  -                200  200  200  200  200  200  200  200  200  200  200
gallery_narrow                 GET  -                200  200  200  200  200  200  200  200  200  200  200
"""  # noqa: E501  # a table of sixteen columns

# Reachable without signing in: the door itself, the health pages and, outside production, the gallery.
OPEN = {
    "accounts:sign_in",
    "accounts:next_step",
    "accounts:code",
    "accounts:sign_out",
    "accounts:session",
    "accounts:email_agree",
    "accounts:email_link",
    "accounts:first_password",
    "accounts:first_factor",
    "accounts:forgotten",
    "accounts:forgotten_sent",
    "accounts:forgotten_link",
    "accounts:forgotten_password",
    "healthz",
    "readyz",
    "api_health",
    "api_health_db",
    "gallery",
    "gallery_codes",
    "gallery_check",
    "gallery_narrow",
}
