"""What people type into the code pages, as domain types."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claimflow.lib.forms import PlainForm, ServiceDateField
from codes.icd10.order_file import LIMIT, read_order_file
from codes.icd10.rows import CodeFile, FileProblem

_NAME = re.compile(r"[\w.() -]{1,100}")


class BrowseForm(PlainForm):
    """The browser's search. What cannot be read narrows nothing."""

    q = forms.CharField(label=_("Code or words"), required=False, max_length=200)
    on = ServiceDateField(label=_("Date of service"), required=False)
    sizes = {"q": "l", "on": "s"}

    def day(self) -> date:
        """The day that was asked for, else today in the active zone."""
        return asked_day(self.data.get("on", ""))


def asked_day(text: str) -> date:
    """A date of service out of an address: today where there is none, or none that can be read."""
    today = timezone.localdate()
    try:
        return ServiceDateField(required=False).clean(text[:40]) or today
    except ValidationError:
        return today


class OrderFileForm(PlainForm):
    """An administrator brings a CMS order file; ``cleaned_data["file"]`` becomes a ``CodeFile``."""

    file = forms.FileField(
        label=_("Order file"),
        help_text=_("icd10cm_order_YYYY.txt out of the zip that CMS publishes, at most 40 MB."),
    )
    effective_from = ServiceDateField(
        label=_("In effect from"),
        help_text=_("The first day of the release: 10/01 of the year before its fiscal year, or 04/01."),
    )

    def clean_file(self) -> CodeFile:
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > LIMIT:
            raise ValidationError(
                _("The file is larger than 40 MB. The order file of one release has 14 MB.")
            )
        name = upload.name or ""
        try:
            return read_order_file(upload.read(), source=name if _NAME.fullmatch(name) else "upload")
        except FileProblem as problem:
            raise ValidationError(str(problem)) from problem
