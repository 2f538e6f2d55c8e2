from django.urls import path

from codes import views

app_name = "codes"
urlpatterns = [
    path("", views.browse, name="browse"),
    path("icd10/", views.icd10_search, name="icd10_search"),
    path("icd10/chapter/<slug:code>/", views.chapter, name="chapter"),
    path("icd10/block/<slug:code>/", views.block, name="block"),
    path("icd10/<str:code>/", views.icd10_code, name="icd10_code"),
    path("procedures/", views.procedure_search, name="procedure_search"),
    path("modifiers/", views.modifier_search, name="modifier_search"),
    path("pos/", views.place_search, name="place_search"),
    path("reasons/", views.reason_search, name="reason_search"),
    path("remarks/", views.remark_search, name="remark_search"),
]
