"""client.btmodelsessions"""

import pytest
from albert.exceptions import AlbertClientError, NotFoundError
from albert.resources.btdataset import BTDataset
from albert.resources.btmodel import BTModelRegistry, BTModelSession, BTModelSessionCategory


@pytest.fixture
def dataset(client, small_table_key):
    return client.btdatasets.create(dataset=BTDataset(name="small", key=small_table_key))


def user_session(client, dataset, **fields):
    return client.btmodelsessions.create(
        model_session=BTModelSession(
            name="mine", category=BTModelSessionCategory.USER_MODEL, dataset_id=dataset.id, **fields
        )
    )


def test_a_users_session_keeps_what_the_user_says(client, dataset):
    created = user_session(
        client,
        dataset,
        default_model="Forest",
        total_time="12 s",
        model_count=3,
        target=["hardness (HV)"],
        registry=BTModelRegistry(build_logs={"a": [1]}, metrics={"rmse": 0.5}),
        albert_model_details={"anything": True},
        flag=True,
    )
    read = client.btmodelsessions.get_by_id(id=created.id)
    assert (read.name, read.category, read.dataset_id) == ("mine", BTModelSessionCategory.USER_MODEL, dataset.id)
    assert (read.default_model, read.total_time, read.target) == ("Forest", "12 s", ["hardness (HV)"])
    assert read.registry.build_logs == {"a": [1]} and read.registry.metrics == {"rmse": 0.5}
    assert read.albert_model_details["anything"] is True
    assert read.flag is True


def test_update_changes_name_flag_and_registry(client, dataset):
    session = user_session(client, dataset)
    assert session.flag is False and session.registry is None
    session.name = "renamed"
    session.flag = True
    session.registry = BTModelRegistry(metrics={"rmse": 1.0})
    session = client.btmodelsessions.update(model_session=session)
    assert (session.name, session.flag) == ("renamed", True)
    assert session.registry.metrics == {"rmse": 1.0} and session.registry.build_logs is None
    session.registry = BTModelRegistry(build_logs={"line": "x"})
    session.flag = False
    session = client.btmodelsessions.update(model_session=session)
    assert session.registry.build_logs == {"line": "x"} and session.registry.metrics is None
    assert session.flag is False
    session.registry = None
    assert client.btmodelsessions.update(model_session=session).registry is None


def test_a_deleted_session_is_gone_with_its_models(client, dataset, wait):
    session = client.btmodelsessions.create(
        model_session=BTModelSession(
            name="gone",
            category=BTModelSessionCategory.ALBERT_MODEL,
            dataset_id=dataset.id,
            target=["hardness (HV)"],
        )
    )
    built = wait(session.id)
    client.btmodelsessions.delete(id=session.id)
    with pytest.raises(NotFoundError):
        client.btmodelsessions.get_by_id(id=session.id)
    for model in built.albert_model_details["models"]:
        with pytest.raises(NotFoundError):
            client.btmodels.get_by_id(id=model["id"], parent_id=session.id)


def test_deleting_while_it_builds_is_fine(client, dataset):
    session = client.btmodelsessions.create(
        model_session=BTModelSession(
            name="cut short",
            category=BTModelSessionCategory.ALBERT_MODEL,
            dataset_id=dataset.id,
            target=["hardness (HV)"],
        )
    )
    client.btmodelsessions.delete(id=session.id)
    with pytest.raises(NotFoundError):
        client.btmodelsessions.get_by_id(id=session.id)


def test_a_session_waits_for_its_data(client, small_table_key, wait):
    dataset = client.btdatasets.create(dataset=BTDataset(name="empty so far"))
    session = client.btmodelsessions.create(
        model_session=BTModelSession(
            name="patient",
            category=BTModelSessionCategory.ALBERT_MODEL,
            dataset_id=dataset.id,
            target=["hardness (HV)"],
        )
    )
    assert not session.total_time
    dataset.key = small_table_key
    client.btdatasets.update(dataset=dataset)
    assert wait(session.id).default_model


def test_options_of_a_build_travel_in_the_details(client, dataset, wait):
    session = client.btmodelsessions.create(
        model_session=BTModelSession(
            name="with options",
            category=BTModelSessionCategory.ALBERT_MODEL,
            dataset_id=dataset.id,
            target=["hardness (HV)"],
            albert_model_details={"options": {"ignore": ["temperature (C)"], "seed": 7}},
        )
    )
    built = wait(session.id)
    assert built.registry.build_logs["seed"] == 7
    assert "temperature (C)" not in built.registry.build_logs["inputs"]


def test_an_unknown_target_is_refused_with_the_columns_there_are(client, dataset):
    with pytest.raises(AlbertClientError) as caught:
        client.btmodelsessions.create(
            model_session=BTModelSession(
                name="wrong",
                category=BTModelSessionCategory.ALBERT_MODEL,
                dataset_id=dataset.id,
                target=["softness"],
            )
        )
    assert "TARGET_UNKNOWN" in caught.value.message and "hardness (HV)" in caught.value.message


def test_a_session_needs_a_dataset_that_exists(client):
    with pytest.raises(AlbertClientError) as caught:
        client.btmodelsessions.create(
            model_session=BTModelSession(
                name="lost", category=BTModelSessionCategory.USER_MODEL, dataset_id="DST999999"
            )
        )
    assert "RECORD_NOT_FOUND" in caught.value.message
