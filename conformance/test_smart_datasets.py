"""client.smart_datasets"""

import math

import pytest
from albert.exceptions import NotFoundError
from albert.resources.btdataset import BTDataset
from albert.resources.projects import Project
from albert.resources.smart_datasets import (
    SmartDatasetAggregateBy,
    SmartDatasetBuildState,
    SmartDatasetScope,
)

from conftest import ConflictError

TABLE = "lot,resin (g),hardener (g),temperature (C),hardness (HV)\n" + "\n".join(
    ["L1,10,5,60,1", "L1,10,5,60,3", "L2,10,5,80,8", "L3,20,5,60,", "L3,20,5,60,7"]
)


@pytest.fixture
def project(client, upload):
    """A project with one dataset of five measurements."""
    made = client.projects.create(project=Project(description="smart"))
    client.btdatasets.create(dataset=BTDataset(name="five", key=upload(TABLE), parent_id=made.id))
    return made


@pytest.fixture
def smart(client, project, wait):
    scope = SmartDatasetScope(project_ids=[project.id])
    return wait(client.smart_datasets.create(scope=scope, parent_id=project.id).id)


def test_a_smart_dataset_is_built_from_the_datasets_of_its_projects(client, project, smart):
    assert smart.build_state == SmartDatasetBuildState.READY
    assert smart.type == "smart" and smart.parent_id == project.id
    assert smart.scope.project_ids == [project.id]
    assert smart.schema_["rowCount"] == 5 and smart.storage_key
    assert client.smart_datasets.get_by_id(id=smart.id, parent_id=project.id).id == smart.id


@pytest.mark.parametrize(
    "level, keys, values",
    [
        (SmartDatasetAggregateBy.INV, ["F1", "F2"], [4, 7]),
        (SmartDatasetAggregateBy.LOT, ["F1/L1", "F1/L2", "F2/L3"], [2, 8, 7]),
        (SmartDatasetAggregateBy.WFL, ["F1/W1", "F1/W2", "F2/W3"], [2, 8, 7]),
        (SmartDatasetAggregateBy.PTD, None, [1, 3, 8, math.nan, 7]),
    ],
)
def test_the_data_come_as_frames_at_every_level(client, smart, level, keys, values):
    data = client.smart_datasets.get_data(id=smart.id, aggregate_by=level)
    assert data.aggregate_by == level
    if keys is not None:
        assert list(data.data.index) == keys
    assert [one.key for one in data.identifiers] == list(data.data.index)
    assert [one.key for one in data.variables] == list(data.data.columns)
    hardness = data.data["hardness (HV)"].tolist()
    assert all((math.isnan(a) and math.isnan(b)) or a == b for a, b in zip(hardness, values, strict=True))
    assert data.counts["hardness (HV)"].sum() == 4
    assert data.uncertainty.shape == data.data.shape


def test_rows_and_variables_can_be_chosen(client, smart):
    data = client.smart_datasets.get_data(
        id=smart.id, aggregate_by=SmartDatasetAggregateBy.LOT, ids=["F1/L2"], variables=["hardness (HV)"]
    )
    assert data.data.shape == (1, 1) and data.data.iloc[0, 0] == 8
    assert data.identifiers[0].lot_id == "L2"


def test_a_new_scope_builds_it_anew(client, project, smart, upload, wait):
    other = client.projects.create(project=Project(description="more"))
    client.btdatasets.create(dataset=BTDataset(name="more", key=upload(TABLE), parent_id=other.id))
    smart.scope = SmartDatasetScope(project_ids=[project.id, other.id])
    updated = client.smart_datasets.update(smart_dataset=smart)
    assert updated.scope.project_ids == [project.id, other.id]
    assert wait(smart.id).schema_["rowCount"] == 10
    unchanged = client.smart_datasets.get_by_id(id=smart.id)
    assert client.smart_datasets.update(smart_dataset=unchanged).build_state == SmartDatasetBuildState.READY


def test_one_that_is_not_built_is_left_to_an_outside_worker(client, project):
    made = client.smart_datasets.create(scope=SmartDatasetScope(project_ids=[project.id]), build=False)
    assert made.build_state is None
    with pytest.raises(ValueError):
        client.smart_datasets.get_data(id=made.id)
    made.build_state = SmartDatasetBuildState.READY
    made.storage_key = "elsewhere"
    made.schema_ = {"tables": 1}
    updated = client.smart_datasets.update(smart_dataset=made)
    assert (updated.build_state, updated.storage_key) == (SmartDatasetBuildState.READY, "elsewhere")
    with pytest.raises(ConflictError):
        client.smart_datasets.get_data(id=made.id)


def test_one_without_experiments_fails(client, wait):
    empty = client.projects.create(project=Project(description="empty"))
    made = client.smart_datasets.create(scope=SmartDatasetScope(project_ids=[empty.id]))
    assert wait(made.id).build_state == SmartDatasetBuildState.FAILED


def test_the_list_pages_through_everything_once(client, project):
    scope = SmartDatasetScope(project_ids=[project.id])
    made = {client.smart_datasets.create(scope=scope, build=False).id for _ in range(105)}
    listed = [one.id for one in client.smart_datasets.get_all()]
    assert len(listed) == len(set(listed)) and made <= set(listed)
    assert len(list(client.smart_datasets.get_all(max_items=3))) == 3


def test_a_deleted_one_is_gone(client, smart):
    client.smart_datasets.delete(id=smart.id)
    with pytest.raises(NotFoundError):
        client.smart_datasets.get_by_id(id=smart.id)
