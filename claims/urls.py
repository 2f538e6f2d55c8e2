from django.urls import path

from claims.views import detail, form, glass, home, lists

app_name = "claims"
urlpatterns = [
    path("home/", home.claim_home, name="home"),
    path("claims/", lists.claim_list, name="list"),
    path("claims/find/", lists.member_find, name="find"),
    path("claims/new/", form.claim_new, name="new"),
    path("claims/check/", form.claim_check, name="check"),
    path("claims/drafts/", lists.draft_list, name="drafts"),
    path("claims/drafts/<uuid:draft_id>/", form.draft_edit, name="draft"),
    path("claims/drafts/<uuid:draft_id>/delete/", form.draft_delete, name="draft_delete"),
    path("claims/<uuid:claim_id>/", detail.claim_detail, name="detail"),
    path("claims/<uuid:claim_id>/withdraw/", detail.claim_withdraw, name="withdraw"),
    path("glass/", glass.glass, name="glass"),
    path("glass/open/", glass.glass_open, name="glass_open"),
    path("glass/<uuid:grant_id>/", glass.glass_claim, name="glass_claim"),
    path("glass/<uuid:grant_id>/sign-off/", glass.glass_sign_off, name="glass_sign_off"),
    path("claims/<uuid:claim_id>/correct/", form.claim_correct, name="correct"),
]
