"""client.btdatasets"""

import pytest
from albert.exceptions import AlbertClientError, NotFoundError
from albert.resources.btdataset import BTDataset, BTDatasetReferences
from albert.resources.btmodel import BTModelSession, BTModelSessionCategory

from conftest import ConflictError

REFERENCES = BTDatasetReferences(
    project_ids=["PRO1", "PRO2"], data_column_ids=["DAC1"], target_ids=["TAR1"], sheet_ids=["WKS1"], filter={"a": 1}
)


def test_a_dataset_comes_back_as_it_was_created(client, small_table_key):
    created = client.btdatasets.create(
        dataset=BTDataset(
            name="Résines", key=small_table_key, file_name="small.csv", references=REFERENCES, parent_id="PRO1"
        )
    )
    read = client.btdatasets.get_by_id(id=created.id)
    assert read.name == "Résines"
    assert read.key == small_table_key
    assert read.file_name == "small.csv"
    assert read.parent_id == "PRO1"
    assert read.references == REFERENCES
    assert read.status.value == "active"
    assert read.created.by.startswith("USR") and read.created.at is not None and read.updated is not None
    assert client.btdatasets.get_by_id(id=created.id.lower()).id == created.id


def test_a_copy_of_a_fetched_dataset_is_a_new_dataset(client, small_table_key):
    first = client.btdatasets.create(dataset=BTDataset(name="one", key=small_table_key))
    second = client.btdatasets.create(dataset=client.btdatasets.get_by_id(id=first.id))
    assert second.id != first.id and second.name == "one"


def test_update_sets_changes_unsets_and_clears(client, small_table_key):
    dataset = client.btdatasets.create(dataset=BTDataset(name="before"))
    assert dataset.key is None

    dataset.name = "after"
    dataset.key = small_table_key
    dataset.file_name = "small.csv"
    dataset.references = REFERENCES
    dataset = client.btdatasets.update(dataset=dataset)
    assert (dataset.name, dataset.key, dataset.file_name) == ("after", small_table_key, "small.csv")
    assert dataset.references == REFERENCES

    dataset.references = BTDatasetReferences(project_ids=["PRO9"])
    dataset = client.btdatasets.update(dataset=dataset)
    assert dataset.references.project_ids == ["PRO9"]
    assert dataset.references.target_ids is None

    dataset.file_name = None
    dataset.references = None
    dataset = client.btdatasets.update(dataset=dataset)
    assert dataset.file_name is None and dataset.references is None

    unchanged = client.btdatasets.update(dataset=dataset)
    assert unchanged.name == "after"


def test_an_update_that_lost_the_race_is_refused(client, monkeypatch):
    dataset = client.btdatasets.create(dataset=BTDataset(name="first"))
    stale = client.btdatasets.get_by_id(id=dataset.id)
    dataset.name = "second"
    client.btdatasets.update(dataset=dataset)
    wanted = stale.model_copy(update={"name": "third"})
    # The client makes a new collection object on every access, so the class is patched.
    monkeypatch.setattr(type(client.btdatasets), "get_by_id", lambda self, id: stale)
    with pytest.raises(ConflictError):
        client.btdatasets.update(dataset=wanted)
    monkeypatch.undo()
    assert client.btdatasets.get_by_id(id=dataset.id).name == "second"


def test_the_list_pages_through_everything_once(client):
    made = [client.btdatasets.create(dataset=BTDataset(name=f"page {i}")).id for i in range(230)]
    listed = [dataset.id for dataset in client.btdatasets.get_all()]
    assert len(listed) == len(set(listed))
    assert set(made) <= set(listed)
    assert len(list(client.btdatasets.get_all(max_items=7))) == 7
    assert [dataset.id for dataset in client.btdatasets.get_all(name="page 17")] == [made[17]]
    me = client.users.get_current_user().id
    assert set(made) <= {dataset.id for dataset in client.btdatasets.get_all(created_by=me)}
    assert list(client.btdatasets.get_all(created_by="USR999")) == []


def test_a_deleted_dataset_is_gone(client):
    dataset = client.btdatasets.create(dataset=BTDataset(name="short-lived"))
    client.btdatasets.delete(id=dataset.id)
    with pytest.raises(NotFoundError):
        client.btdatasets.get_by_id(id=dataset.id)
    with pytest.raises(NotFoundError):
        client.btdatasets.delete(id=dataset.id)
    assert dataset.id not in [one.id for one in client.btdatasets.get_all(name="short-lived")]


def test_a_dataset_in_use_is_not_deleted(client, small_table_key):
    dataset = client.btdatasets.create(dataset=BTDataset(name="used", key=small_table_key))
    session = client.btmodelsessions.create(
        model_session=BTModelSession(
            name="user", category=BTModelSessionCategory.USER_MODEL, dataset_id=dataset.id
        )
    )
    with pytest.raises(ConflictError):
        client.btdatasets.delete(id=dataset.id)
    client.btmodelsessions.delete(id=session.id)
    client.btdatasets.delete(id=dataset.id)


def test_a_key_without_a_file_is_refused_and_leaves_nothing(client):
    before = [one.id for one in client.btdatasets.get_all()]
    with pytest.raises(AlbertClientError) as caught:
        client.btdatasets.create(dataset=BTDataset(name="no file", key="nowhere.csv"))
    assert "FILE_NOT_FOUND" in caught.value.message
    assert [one.id for one in client.btdatasets.get_all()] == before
