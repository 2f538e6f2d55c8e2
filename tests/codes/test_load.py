"""placeholder"""

import pytest

pytestmark = pytest.mark.usefixtures("real_db")


def test_x():
    from claimflow.lib.db.context import acting_as
    from codes.models import CodeRelease

    with acting_as("provider"):
        print(list(CodeRelease.objects.values()))
