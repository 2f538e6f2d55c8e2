from django.urls import path

from claims.views import authority, desk, export, numbers, priority, queue, recategorize, suggestions

app_name = "payer"
urlpatterns = [
    path("people/<uuid:user_id>/authority/", authority.authority, name="authority"),
    path("queue/", queue.queue, name="queue"),
    path("queue/next/", queue.claim_next, name="next"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/suggestions/", suggestions.suggestions, name="suggestions"),
    path("queue/priorities/", recategorize.recategorize, name="recategorize"),
    path("queue/priorities/<uuid:run_id>/", recategorize.recategorization, name="recategorization"),
    path(
        "queue/priorities/<uuid:run_id>/step/",
        recategorize.recategorization_step,
        name="recategorization_step",
    ),
    path("approved-claims.csv", export.export, name="export"),
    path("desk/<uuid:claim_id>/", desk.desk, name="desk"),
    path("desk/<uuid:claim_id>/take/", desk.take, name="take"),
    path("desk/<uuid:claim_id>/assign/", desk.assign, name="assign"),
    path("desk/<uuid:claim_id>/decide/", desk.decide, name="decide"),
    path("desk/<uuid:claim_id>/return/", desk.return_work, name="return"),
    path("desk/<uuid:claim_id>/release/", desk.release, name="release"),
    path("desk/<uuid:claim_id>/pend/", desk.pend, name="pend"),
    path("desk/<uuid:claim_id>/priority/", priority.change_priority, name="priority"),
    path("desk/<uuid:claim_id>/resume/", desk.resume, name="resume"),
    path("desk/<uuid:claim_id>/note/", desk.add_note, name="note"),
]
