"""Sign-in, the current user, and the classes of errors a script relies on."""

import os

import pytest
import requests
from albert import Albert
from albert.core.auth.credentials import AlbertClientCredentials
from albert.exceptions import BadRequestError, NotFoundError, UnauthorizedError
from pydantic import SecretStr


def test_client_credentials_give_a_user(client):
    user = client.users.get_current_user()
    assert user.id == "USR1" and user.name and user.user_class.value == "admin"
    assert client.users.get_by_id(id="USR1").id == "USR1"


def test_a_static_token_works_as_well(url):
    client = Albert.from_token(base_url=url, token=os.environ["ATHANOR_TOKEN"])
    assert client.users.get_current_user().id == "USR1"


def test_a_wrong_secret_is_refused(url):
    wrong = AlbertClientCredentials(
        id=os.environ["ATHANOR_CLIENT_ID"], secret=SecretStr("wrong"), base_url=url
    )
    with pytest.raises(UnauthorizedError):
        Albert(auth_manager=wrong).btdatasets.get_by_id(id="DST1")


def test_a_wrong_token_is_refused(url):
    with pytest.raises(UnauthorizedError):
        Albert.from_token(base_url=url, token="nonsense").btdatasets.get_by_id(id="DST1")


def test_unknown_and_malformed_ids_are_the_same_404(client, url):
    headers = {"Authorization": f"Bearer {os.environ['ATHANOR_TOKEN']}"}
    with pytest.raises(NotFoundError):
        client.btdatasets.get_by_id(id="DST999999")
    for path in ("DST999999", "DST0", "..%2fx", "%00", "x" * 200):
        answer = requests.get(f"{url}/api/v3/btdataset/{path}", headers=headers)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"].startswith("application/problem+json")


def test_a_wrong_type_in_a_body_is_refused_and_never_coerced(client, url):
    headers = {"Authorization": f"Bearer {os.environ['ATHANOR_TOKEN']}"}
    for body in ({"name": 5}, {"name": None}, {"name": ["a"]}, {"name": "a", "tenant_id": "x"}, {"name": "a", "parentId": 7}, []):
        answer = requests.post(f"{url}/api/v3/btdataset", headers=headers, json=body)
        assert answer.status_code == 400, body
        problem = answer.json()
        assert isinstance(problem, dict) and problem["code"] in ("FIELD_INVALID", "FIELD_UNKNOWN")
        assert problem["location"]["field"].startswith("body")
        assert problem["errors"]


def test_the_client_shows_the_complaint(client):
    with pytest.raises(BadRequestError) as caught:
        client.session.post("/api/v3/btdataset", json={"nam": "typo"})
    assert "nam" in caught.value.message
