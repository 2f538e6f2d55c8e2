from django.urls import path

from accounts.views import door, people

app_name = "accounts"
urlpatterns = [
    path("sign-in/", door.sign_in_page, name="sign_in"),
    path("sign-in/next/", door.next_step, name="next_step"),
    path("sign-in/code/", door.code_page, name="code"),
    path("sign-out/", door.sign_out, name="sign_out"),
    path("welcome/", door.nothing_yet, name="nothing_yet"),
    path("first/password/", door.first_password, name="first_password"),
    path("first/factor/", door.first_factor, name="first_factor"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/password/", people.person_password, name="person_password"),
    path("people/<uuid:user_id>/", people.person, name="person"),
    path("people/<uuid:user_id>/active/", people.person_active, name="person_active"),
]
