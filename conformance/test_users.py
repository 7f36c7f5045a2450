"""client.users, several clients, roles and tenants"""

import pytest
import requests
from albert.core.shared.enums import Status
from albert.exceptions import AlbertHTTPError, NotFoundError
from albert.resources.btinsight import BTInsight, BTInsightCategory
from albert.resources.users import User, UserClass


@pytest.fixture
def sign_in(url, client, make_client):
    """Signs in as somebody new."""

    def make(name, **fields):
        import os

        answer = requests.post(
            f"{url}/api/v3/clients",
            json={"name": name, **fields},
            headers={"Authorization": f"Bearer {os.environ['ATHANOR_TOKEN']}"},
        )
        assert answer.status_code == 201, answer.text
        made = answer.json()
        return make_client(made["clientId"], made["clientSecret"])

    return make


def test_a_user_is_created_read_found_changed_and_taken_away(client):
    made = client.users.create(user=User(name="Ada Lovelace", email="ada@example.com", user_class=UserClass.TRUSTED))
    read = client.users.get_by_id(id=made.id)
    assert (read.name, read.email, read.user_class) == ("Ada Lovelace", "ada@example.com", UserClass.TRUSTED)
    assert made.id in [one.id for one in client.users.search(text="lovelace")]
    assert made.id in [one.id for one in client.users.get_all(status=Status.ACTIVE)]
    read.name = "Countess Lovelace"
    assert client.users.update(user=read).name == "Countess Lovelace"
    if not hasattr(client.users, "delete"):
        return
    client.users.delete(id=made.id)
    assert client.users.get_by_id(id=made.id).status == Status.INACTIVE
    assert made.id not in [one.id for one in client.users.get_all(status=Status.ACTIVE)]


def test_every_class_signs_in_as_itself_and_guests_only_read(sign_in, client):
    insight = client.btinsights.create(insight=BTInsight(name="shared", category=BTInsightCategory.OPTIMIZER))
    for user_class in UserClass:
        other = sign_in(f"a {user_class.value}", userClass=user_class.value)
        assert other.users.get_current_user().user_class == user_class
        assert other.btinsights.get_by_id(id=insight.id).name == "shared"
        draft = BTInsight(name="mine", category=BTInsightCategory.OPTIMIZER)
        if user_class == UserClass.GUEST:
            with pytest.raises(AlbertHTTPError):
                other.btinsights.create(insight=draft)
        else:
            assert other.btinsights.create(insight=draft).created.by != "USR1"


def test_another_tenant_sees_nothing_of_this_one(sign_in, client):
    insight = client.btinsights.create(insight=BTInsight(name="secret", category=BTInsightCategory.OPTIMIZER))
    foreign = sign_in("eve", userClass="admin", tenant="another company")
    with pytest.raises(NotFoundError):
        foreign.btinsights.get_by_id(id=insight.id)
    assert list(foreign.btinsights.search()) == []
    assert list(foreign.btdatasets.get_all()) == []
    with pytest.raises(NotFoundError):
        foreign.users.get_by_id(id="USR1")
