import pytest
from tests.claims.cast import make_cast
from tests.signed_in import client_of
pytestmark = pytest.mark.usefixtures("real_db")
def test_pages():
    cast = make_cast(); claim = cast.submit()
    c = client_of(cast.biller)
    for url in ["/home/","/claims/","/claims/new/","/claims/drafts/",f"/claims/{claim.pk}/",f"/claims/{claim.pk}/withdraw/"]:
        r = c.get(url); assert r.status_code==200, (url, r.status_code, r.content[:500])
        print(url, len(r.content))
