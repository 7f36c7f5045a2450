"""client.btmodels: session models, detached models, client-driven ones and those Athanor builds."""

import time

import pytest
from albert.exceptions import AlbertClientError, NotFoundError
from albert.resources.btdataset import BTDataset
from albert.resources.btmodel import (
    BTModel,
    BTModelSession,
    BTModelSessionCategory,
    BTModelState,
    BTModelType,
)


@pytest.fixture
def dataset(client, small_table_key):
    return client.btdatasets.create(dataset=BTDataset(name="small", key=small_table_key))


@pytest.fixture
def session(client, dataset):
    return client.btmodelsessions.create(
        model_session=BTModelSession(
            name="mine",
            category=BTModelSessionCategory.USER_MODEL,
            dataset_id=dataset.id,
            target=["hardness (HV)"],
        )
    )


@pytest.fixture(params=["in a session", "detached"])
def place(request, session):
    return session.id if request.param == "in a session" else None


def test_a_model_comes_back_as_it_was_created(client, dataset, place):
    created = client.btmodels.create(
        model=BTModel(
            name="Forest",
            dataset_id=dataset.id,
            metadata={"trees": 300, "nested": {"a": [1, 2]}},
            state=BTModelState.BUILDING_MODELS,
            target=["hardness (HV)"],
            start_time="2026-01-01T00:00:00Z",
            model_binary_key="elsewhere/forest.bin",
        ),
        parent_id=place,
    )
    read = client.btmodels.get_by_id(id=created.id, parent_id=place)
    assert read.name == "Forest"
    assert read.metadata == {"trees": 300, "nested": {"a": [1, 2]}}
    assert read.state == BTModelState.BUILDING_MODELS
    assert read.target == ["hardness (HV)"]
    assert read.start_time == "2026-01-01T00:00:00Z"
    assert read.model_binary_key == "elsewhere/forest.bin"
    assert read.dataset_id == dataset.id
    assert read.type == (BTModelType.DETACHED if place is None else BTModelType.SESSION)
    assert read.parent_id == place
    assert read.flag is False


@pytest.mark.parametrize("state", list(BTModelState))
def test_an_outside_worker_drives_its_model_through_every_state(client, place, state):
    model = client.btmodels.create(
        model=BTModel(name="outside", state=BTModelState.BUILDING_MODELS), parent_id=place
    )
    model.state = state
    model.end_time = "2026-01-01T01:00:00Z"
    model.total_time = "1 h"
    model.metadata = {"epoch": 3}
    model.target = ["a", "b"]
    model.name = "renamed"
    model = client.btmodels.update(model=model, parent_id=place)
    assert (model.state, model.total_time, model.metadata, model.target, model.name) == (
        state,
        "1 h",
        {"epoch": 3},
        ["a", "b"],
        "renamed",
    )
    time.sleep(0.3)
    assert client.btmodels.get_by_id(id=model.id, parent_id=place).state == state


def test_update_unsets_and_clears(client, place):
    model = client.btmodels.create(
        model=BTModel(
            name="m",
            state=BTModelState.COMPLETE,
            metadata={"a": 1},
            target=["x"],
            total_time="1 s",
            model_binary_key="k",
        ),
        parent_id=place,
    )
    model.metadata = None
    model.total_time = None
    model.target = []
    model.model_binary_key = None
    model = client.btmodels.update(model=model, parent_id=place)
    assert not model.metadata and model.total_time is None and not model.target and model.model_binary_key is None
    assert model.name == "m" and model.state == BTModelState.COMPLETE


def test_a_deleted_model_is_gone(client, place):
    model = client.btmodels.create(model=BTModel(name="short-lived"), parent_id=place)
    client.btmodels.delete(id=model.id, parent_id=place)
    with pytest.raises(NotFoundError):
        client.btmodels.get_by_id(id=model.id, parent_id=place)
    with pytest.raises(NotFoundError):
        client.btmodels.delete(id=model.id, parent_id=place)


def test_a_model_is_found_only_where_it_lives(client, session):
    inside = client.btmodels.create(model=BTModel(name="inside"), parent_id=session.id)
    outside = client.btmodels.create(model=BTModel(name="outside"))
    with pytest.raises(NotFoundError):
        client.btmodels.get_by_id(id=inside.id)
    with pytest.raises(NotFoundError):
        client.btmodels.get_by_id(id=outside.id, parent_id=session.id)
    with pytest.raises(NotFoundError):
        client.btmodels.get_by_id(id=inside.id, parent_id="MDS999999")


def test_a_model_posted_as_queued_is_built(client, dataset, place):
    model = client.btmodels.create(
        model=BTModel(
            name="Linear",
            dataset_id=dataset.id,
            state=BTModelState.QUEUED,
            target=["hardness (HV)"],
            metadata={"algorithm": "ridge"},
        ),
        parent_id=place,
    )
    deadline = time.monotonic() + 120
    while model.state not in (BTModelState.COMPLETE, BTModelState.ERROR) and time.monotonic() < deadline:
        time.sleep(0.2)
        model = client.btmodels.get_by_id(id=model.id, parent_id=place)
    assert model.state == BTModelState.COMPLETE
    assert model.model_binary_key and model.start_time and model.end_time and model.total_time


def test_an_unknown_algorithm_is_refused_with_the_ones_there_are(client, dataset, place):
    with pytest.raises(AlbertClientError) as caught:
        client.btmodels.create(
            model=BTModel(
                name="magic",
                dataset_id=dataset.id,
                state=BTModelState.QUEUED,
                target=["hardness (HV)"],
                metadata={"algorithm": "magic"},
            ),
            parent_id=place,
        )
    assert "ridge" in caught.value.message
