from django.urls import path

from accounts.views import account, door

app_name = "accounts"
urlpatterns = [
    path("sign-in/", door.sign_in_page, name="sign_in"),
    path("sign-in/next/", door.next_step, name="next_step"),
    path("sign-in/code/", door.code_page, name="code"),
    path("sign-out/", door.sign_out, name="sign_out"),
    path("welcome/", door.nothing_yet, name="nothing_yet"),
    path("first/password/", door.first_password, name="first_password"),
    path("first/factor/", door.first_factor, name="first_factor"),
    path("account/confirm/", account.confirm, name="confirm"),
]
