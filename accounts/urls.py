from django.urls import path

from accounts.views import account, door, people, recovery, security

app_name = "accounts"
urlpatterns = [
    path("sign-in/", door.sign_in_page, name="sign_in"),
    path("sign-in/next/", door.next_step, name="next_step"),
    path("sign-in/code/", door.code_page, name="code"),
    path("sign-out/", door.sign_out, name="sign_out"),
    path("welcome/", door.nothing_yet, name="nothing_yet"),
    path("first/password/", door.first_password, name="first_password"),
    path("first/factor/", door.first_factor, name="first_factor"),
    path("security/", security.alert_list, name="alerts"),
    path("security/<uuid:alert_id>/", security.alert, name="alert"),
    path("security/<uuid:alert_id>/take/", security.alert_take, name="alert_take"),
    path("security/<uuid:alert_id>/resolve/", security.alert_resolve, name="alert_resolve"),
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
    path("people/<uuid:user_id>/password/", people.person_reset_password, name="person_reset_password"),
    path("people/<uuid:user_id>/factor/", people.person_reset_factor, name="person_reset_factor"),
    path("people/<uuid:user_id>/unlock/", people.person_unlock, name="person_unlock"),
]
