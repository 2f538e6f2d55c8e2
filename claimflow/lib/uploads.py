"""Where an uploaded file may lie while it is read."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.urls import reverse


class OffDiskHandler(FileUploadHandler):
    """Files of people's health never lie on disk in clear: one that does not fit into memory is skipped.

    Stands first in ``FILE_UPLOAD_HANDLERS``. The request then says ``upload_skipped``, and the form that misses
    the file says why. The administrator's pages may bring larger files: code sets hold nobody's data.
    """

    skips = False

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        is_admin = self.request is not None and self.request.path.startswith(reverse("admin:index"))
        self.skips = content_length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE and not is_admin

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.skips:
            self.request.upload_skipped = True  # type: ignore[union-attr]  # ours, on a request
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind this one keep the file."""
