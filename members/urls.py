from django.urls import path

from members.views import members, own, patients, plans, roster

app_name = "members"
urlpatterns = [
    path("patients/", patients.patient_list, name="patients"),
    path("patients/new/", patients.patient_add, name="patient_add"),
    path("patients/<uuid:pk>/", patients.patient_detail, name="patient"),
    path("patients/<uuid:pk>/edit/", patients.patient_edit, name="patient_edit"),
    path("patients/coverages/<uuid:pk>/check/", patients.coverage_check, name="coverage_check"),
    *(
        pattern
        for each in own.LISTS.values()
        for slug in [each.name.replace("_", "-")]
        for pattern in (
            path(f"{slug}/", own.own_list, {"which": each.name}, name=each.name),
            path(f"{slug}/new/", own.own_form, {"which": each.name}, name=f"{each.word}_add"),
            path(f"{slug}/<uuid:pk>/", own.own_form, {"which": each.name}, name=each.word),
        )
    ),
    path("members/", members.member_list, name="members"),
    path("members/new/", members.member_add, name="member_add"),
    path("members/plans/", plans.plan_list, name="plans"),
    path("members/plans/new/", plans.plan_form, name="plan_add"),
    path("members/plans/<uuid:pk>/", plans.plan_form, name="plan"),
    path("members/roster/", roster.roster_upload, name="roster"),
    path("members/roster/template.csv", roster.roster_template, name="roster_template"),
    path("members/roster/<uuid:pk>/", roster.roster_preview, name="roster_preview"),
    path("members/roster/<uuid:pk>/confirm/", roster.roster_confirm, name="roster_confirm"),
    path("members/roster/<uuid:pk>/discard/", roster.roster_discard, name="roster_discard"),
    path("members/<uuid:pk>/", members.member_detail, name="member"),
    path("members/<uuid:pk>/end/", members.member_end, name="member_end"),
    path("members/<uuid:pk>/coverages/new/", members.coverage_add, name="coverage_add"),
    path("members/coverages/<uuid:pk>/end/", members.coverage_end, name="coverage_end"),
    path("members/coverages/<uuid:pk>/verify/", members.coverage_verify, name="coverage_verify"),
]
