from django.urls import path

from accounts.views import account, door, people, recovery, sessions

app_name = "accounts"
urlpatterns = [
    path("sign-in/", door.sign_in_page, name="sign_in"),
    path("sign-in/next/", door.next_step, name="next_step"),
    path("sign-in/code/", door.code_page, name="code"),
    path("sign-out/", door.sign_out, name="sign_out"),
    path("welcome/", door.nothing_yet, name="nothing_yet"),
    path("first/password/", door.first_password, name="first_password"),
    path("first/factor/", door.first_factor, name="first_factor"),
    path("account/", account.account, name="account"),
    path("account/details/", account.details, name="details"),
    path("account/password/", account.password, name="password"),
    path("account/factor/", account.factor, name="factor"),
    path("account/email/", account.email, name="email"),
    path("account/email/stop/", account.email_stop, name="email_stop"),
    path("account/email/agree/", account.email_agree, name="email_agree"),
    path("account/email/link/<slug:token>/", account.email_link, name="email_link"),
    path("account/sessions/end/", account.end_one, name="end_one"),
    path("account/sessions/end-others/", account.end_others, name="end_others"),
    path("account/session/", sessions.session, name="session"),
    path("forgotten/", recovery.forgotten_page, name="forgotten"),
    path("forgotten/sent/", recovery.forgotten_sent, name="forgotten_sent"),
    path("forgotten/password/", recovery.forgotten_password, name="forgotten_password"),
    path("forgotten/link/<slug:token>/", recovery.forgotten_link, name="forgotten_link"),
    path("account/backup-codes/", recovery.backup_codes, name="backup_codes"),
    path("account/backup-codes/new/", recovery.backup_codes_shown, name="backup_codes_shown"),
    path("account/confirm/", account.confirm, name="confirm"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/password/", people.person_password, name="person_password"),
    path("people/<uuid:user_id>/", people.person, name="person"),
    path("people/<uuid:user_id>/active/", people.person_active, name="person_active"),
]
