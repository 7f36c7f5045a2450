"""client.btinsights"""

import pytest
import requests
from albert.core.shared.enums import OrderBy
from albert.exceptions import AlbertClientError, NotFoundError
from albert.resources.btdataset import BTDataset
from albert.resources.btinsight import (
    BTInsight,
    BTInsightCategory,
    BTInsightPayloadType,
    BTInsightRegistry,
    BTInsightState,
)
from albert.resources.btmodel import BTModel, BTModelSession, BTModelSessionCategory
from albert.resources.files import FileNamespace

from conftest import ConflictError


def make(client, name="an insight", category=BTInsightCategory.OPTIMIZER, **fields):
    return client.btinsights.create(insight=BTInsight(name=name, category=category, **fields))


def test_an_insight_comes_back_as_it_was_created(client, small_table_key):
    dataset = client.btdatasets.create(dataset=BTDataset(name="d", key=small_table_key))
    session = client.btmodelsessions.create(
        model_session=BTModelSession(name="s", category=BTModelSessionCategory.USER_MODEL, dataset_id=dataset.id)
    )
    model = client.btmodels.create(model=BTModel(name="m"), parent_id=session.id)
    wanted = dict(
        category=BTInsightCategory.CUSTOM_OPTIMIZER,
        metadata={"tags": ["a"], "deep": {"list": [1, 2.5, None]}},
        state=BTInsightState.COMPLETE,
        parent_id="PRO7",
        dataset_id=dataset.id,
        model_session_id=session.id,
        model_id=model.id,
        output_key="somewhere",
        start_time="a",
        end_time="b",
        total_time="c",
        raw_payload={"x": [1]},
        payload_type=BTInsightPayloadType.ALBERTO,
        registry=BTInsightRegistry(build_logs={"l": 1}, metrics={"m": 2}, settings={"s": 3}),
        content_edited=True,
    )
    created = make(client, "Kosten — résumé", **wanted)
    read = client.btinsights.get_by_id(id=created.id)
    assert read == created
    for field, value in wanted.items():
        assert getattr(read, field) == value, field
    assert read.status.value == "active" and read.created.by == "USR1" and read.updated.at is not None
    assert client.btinsights.get_by_id(id=created.id.lower()).id == created.id
    assert make(client, **{"name": "copy"}).id != created.id


@pytest.mark.parametrize("category", list(BTInsightCategory))
def test_every_category_is_kept(client, category):
    assert client.btinsights.get_by_id(id=make(client, category=category).id).category == category


@pytest.mark.parametrize("state", [state for state in BTInsightState if state != BTInsightState.QUEUED])
def test_an_outside_worker_drives_its_insight_through_every_state(client, state):
    insight = make(client, state=BTInsightState.BUILDING_MODELS)
    insight.state = state
    insight.end_time = "now"
    updated = client.btinsights.update(insight=insight)
    assert (updated.state, updated.end_time) == (state, "now")


def test_an_insight_that_cannot_be_computed_ends_as_error_and_says_why(client, wait):
    queued = make(client, category=BTInsightCategory.MOLECULE, state=BTInsightState.QUEUED)
    ended = wait(queued.id)
    assert ended.state == BTInsightState.ERROR
    assert ended.registry.build_logs["lines"][-1]["code"]
    assert ended.start_time and ended.end_time and ended.total_time


@pytest.mark.parametrize("category", [BTInsightCategory.OPTIMIZER, BTInsightCategory.SMART_DOE])
def test_candidates_are_read_from_an_insight_that_is_computed(client, small_table_key, wait, category):
    dataset = client.btdatasets.create(dataset=BTDataset(name="d", key=small_table_key))
    settings = {"numCandidatesGenerated": 200, "numCandidatesSelected": 3}
    if category == BTInsightCategory.OPTIMIZER:
        settings["objectives"] = [{"target": "hardness (HV)", "goal": "maximize"}]
    registry = BTInsightRegistry(settings=settings)
    queued = make(client, category=category, state=BTInsightState.QUEUED, dataset_id=dataset.id, registry=registry)
    done = wait(queued.id)
    assert done.state == BTInsightState.COMPLETE, done.registry
    assert [candidate["rank"] for candidate in done.raw_payload["candidates"]] == [1, 2, 3]
    address = client.files.get_signed_download_url(name=done.output_key, namespace=FileNamespace.BREAKTHROUGH)
    assert requests.get(address).content.startswith(b"rank,")


def test_update_sets_changes_unsets_and_clears(client):
    insight = make(client, metadata={"a": 1}, raw_payload={"p": 1})
    insight.name = "renamed"
    insight.metadata = {"b": [2]}
    insight.output_key = "key"
    insight.total_time = "1 s"
    insight.start_time = "s"
    insight.raw_payload = {"q": 2}
    insight.content_edited = True
    insight.payload_type = BTInsightPayloadType.BREAKTHROUGH
    insight.registry = BTInsightRegistry(metrics={"r2": 0.9})
    insight = client.btinsights.update(insight=insight)
    assert (insight.name, insight.metadata, insight.output_key) == ("renamed", {"b": [2]}, "key")
    assert insight.raw_payload == {"q": 2} and insight.registry.metrics == {"r2": 0.9}
    assert insight.content_edited is True and insight.payload_type == BTInsightPayloadType.BREAKTHROUGH
    insight.metadata = {}
    insight.output_key = None
    insight.registry = None
    insight.content_edited = None
    insight = client.btinsights.update(insight=insight)
    assert not insight.metadata and insight.output_key is None and insight.registry is None
    assert insight.content_edited is None
    assert client.btinsights.update(insight=insight).name == "renamed"


def test_an_update_that_lost_the_race_is_refused(client, monkeypatch):
    insight = make(client, "first")
    stale = client.btinsights.get_by_id(id=insight.id)
    insight.name = "second"
    client.btinsights.update(insight=insight)
    wanted = stale.model_copy(update={"name": "third"})
    monkeypatch.setattr(type(client.btinsights), "get_by_id", lambda self, id: stale)
    with pytest.raises(ConflictError):
        client.btinsights.update(insight=wanted)
    monkeypatch.undo()
    assert client.btinsights.get_by_id(id=insight.id).name == "second"


def test_a_deleted_insight_is_gone(client):
    insight = make(client)
    client.btinsights.delete(id=insight.id)
    with pytest.raises(NotFoundError):
        client.btinsights.get_by_id(id=insight.id)
    with pytest.raises(NotFoundError):
        client.btinsights.delete(id=insight.id)


def test_a_search_pages_through_everything_once_in_the_order_asked_for(client):
    made = [make(client, f"paged {i:04}").id for i in range(30)]
    found = [one.id for one in client.btinsights.search(text="paged")]
    assert found == list(reversed(made))
    assert [one.id for one in client.btinsights.search(text="paged", order_by=OrderBy.ASCENDING)] == made
    by_name = client.btinsights.search(text="paged", sort_by="name", order_by=OrderBy.ASCENDING, max_items=5)
    assert [one.name for one in by_name] == [f"paged {i:04}" for i in range(5)]
    assert len(list(client.btinsights.search(text="paged", max_items=7))) == 7
    assert len(list(client.btinsights.search(text="paged", offset=25))) == 5


def test_a_search_finds_by_every_filter(client, small_table_key):
    dataset = client.btdatasets.create(dataset=BTDataset(name="Zirkonium", key=small_table_key))
    session = client.btmodelsessions.create(
        model_session=BTModelSession(
            name="Wolfram", category=BTModelSessionCategory.USER_MODEL, dataset_id=dataset.id
        )
    )
    one = make(
        client,
        "Needle one",
        BTInsightCategory.IMPACT_CHART,
        state=BTInsightState.COMPLETE,
        dataset_id=dataset.id,
        model_session_id=session.id,
        metadata={"tags": ["haystack"]},
        registry=BTInsightRegistry(build_logs={"lines": [{"message": "converged splendidly"}]}),
    )
    make(client, "Needle two", BTInsightCategory.GENERATE, state=BTInsightState.ERROR)

    def ids(**filters):
        return [hit.id for hit in client.btinsights.search(**filters)]

    for filters in (
        {"text": "needle one"},
        {"text": "zirkon"},
        {"text": "wolfram"},
        {"text": "splendidly"},
        {"name": "Needle one"},
        {"name": ["Needle one", "nobody"]},
        {"text": "needle", "state": BTInsightState.COMPLETE},
        {"text": "needle", "category": [BTInsightCategory.IMPACT_CHART, BTInsightCategory.MOLECULE]},
        {"model_session": session.id},
        {"tag": ["haystack", "x"]},
        {"text": "needle one", "created_by": client.users.get_current_user().name},
        {"text": "needle one", "created_by": ["USR1"], "updated_by": "USR1"},
        {"text": "needle one", "from_created_at": "2020-01-01", "to_created_at": "2999-12-31T23:59:59Z"},
        {"text": "needle one", "from_updated_at": "2020-01-01T00:00:00+02:00", "to_updated_at": "2999-01-01"},
    ):
        assert ids(**filters) == [one.id], filters
    for filters in (
        {"text": "needle three"},
        {"text": "needle", "state": [BTInsightState.QUEUED]},
        {"text": "needle", "created_by": "USR999"},
        {"text": "needle", "to_created_at": "2020-01-01"},
        {"text": "needle", "from_updated_at": "2999-01-01"},
        {"model_session": "MDS999999"},
        {"tag": "nothing"},
    ):
        assert ids(**filters) == [], filters


def test_an_unknown_order_is_refused_with_the_ones_there_are(client):
    with pytest.raises(AlbertClientError) as caught:
        list(client.btinsights.search(sort_by="magic"))
    assert "createdAt" in caught.value.message
