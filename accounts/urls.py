from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in_page, name="sign_in"),
    path("sign-in/next/", views.next_step, name="next_step"),
    path("sign-in/code/", views.code_page, name="code"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("welcome/", views.nothing_yet, name="nothing_yet"),
    path("first/password/", views.first_password, name="first_password"),
    path("first/factor/", views.first_factor, name="first_factor"),
]
