"""The whole story a script tells: upload, dataset, session, poll, read, download."""

from albert.resources.btdataset import BTDataset
from albert.resources.btmodel import BTModelSession, BTModelSessionCategory, BTModelState, BTModelType
from albert.resources.files import FileNamespace
import requests

TARGET = "Compressive strength (MPa)"


def test_a_table_becomes_a_built_session_with_downloadable_models(client, example_path, wait):
    with open(example_path, "rb") as file:
        client.files.sign_and_upload_file(
            data=file, name="story/concrete.csv", namespace=FileNamespace.BREAKTHROUGH, content_type="text/csv"
        )
    dataset = client.btdatasets.create(
        dataset=BTDataset(name="Concrete", key="story/concrete.csv", file_name="concrete.csv")
    )
    assert dataset.id.startswith("DST")

    session = client.btmodelsessions.create(
        model_session=BTModelSession(
            name="Concrete strength",
            category=BTModelSessionCategory.ALBERT_MODEL,
            dataset_id=dataset.id,
            target=[TARGET],
        )
    )
    assert session.id.startswith("MDS")
    assert session.target == [TARGET]

    session = wait(session.id)
    details = session.albert_model_details
    assert session.total_time
    assert session.model_count == len(details["models"]) >= 4
    assert session.default_model in [model["name"] for model in details["models"]]

    metrics = session.registry.metrics
    (target,) = metrics["targets"]
    assert target["target"] == TARGET and target["rows"] == 1030
    best = next(entry for entry in target["leaderboard"] if entry["isDefault"])
    assert best["model"] == session.default_model == metrics["defaultModel"]
    assert best["metrics"]["rmse"] < 6.5
    at_90 = next(entry for entry in best["metrics"]["coverage"] if entry["level"] == 0.9)
    assert 0.8 < at_90["observed"] < 0.97
    assert session.registry.build_logs["lines"]

    for entry in details["models"]:
        model = client.btmodels.get_by_id(id=entry["id"], parent_id=session.id)
        assert model.name == entry["name"]
        assert model.state == BTModelState.COMPLETE
        assert model.type == BTModelType.SESSION
        assert model.parent_id == session.id and model.dataset_id == dataset.id
        assert model.start_time and model.end_time and model.total_time
        info = client.files.get_by_name(name=model.model_binary_key, namespace=FileNamespace.BREAKTHROUGH)
        address = client.files.get_signed_download_url(
            name=model.model_binary_key, namespace=FileNamespace.BREAKTHROUGH
        )
        artifact = requests.get(address)
        assert artifact.status_code == 200
        assert len(artifact.content) == info.size
        # safetensors: eight bytes of header length, then JSON
        assert artifact.content[8:9] == b"{"
