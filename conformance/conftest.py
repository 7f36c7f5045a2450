"""What the suite shares: the real client, pointed at the server that run.ts started, and the count of what was called."""

import json
import os
import time
from importlib.metadata import version

import pytest
from albert import Albert
from albert.collections.btdataset import BTDatasetCollection
from albert.collections.btmodel import BTModelCollection, BTModelSessionCollection
from albert.collections.files import FileCollection
from albert.core.auth.credentials import AlbertClientCredentials
from pydantic import SecretStr

COLLECTIONS = [FileCollection, BTDatasetCollection, BTModelSessionCollection, BTModelCollection]


def public_methods(collection):
    return [name for name, value in vars(collection).items() if callable(value) and not name.startswith("_")]


called: set[str] = set()


def record_calls(collection):
    """Wraps every public method so that the run can say which were used: a method nobody called is not conformant."""
    for name in public_methods(collection):
        method = getattr(collection, name)

        def recorded(self, *args, _method=method, _name=f"{collection.__name__}.{name}", **kwargs):
            called.add(_name)
            return _method(self, *args, **kwargs)

        setattr(collection, name, recorded)


for one in COLLECTIONS:
    record_calls(one)


@pytest.fixture(scope="session")
def url():
    return os.environ["ATHANOR_URL"]


@pytest.fixture(scope="session")
def client(url):
    credentials = AlbertClientCredentials(
        id=os.environ["ATHANOR_CLIENT_ID"],
        secret=SecretStr(os.environ["ATHANOR_CLIENT_SECRET"]),
        base_url=url,
    )
    return Albert(auth_manager=credentials)


@pytest.fixture(scope="session")
def example_path():
    return os.environ["ATHANOR_EXAMPLE"]


SMALL_TABLE = "\n".join(
    ["resin (g),hardener (g),temperature (C),hardness (HV)"]
    + [
        f"{40 + i},{20 + (i * 7) % 11},{60 + (i * 13) % 50},{100 + 2 * i - 0.5 * ((i * 7) % 11) + 0.1 * ((i * 13) % 50):.3f}"
        for i in range(30)
    ]
)


@pytest.fixture
def small_table_key(client):
    """A file of 30 experiments, uploaded under a name of its own."""
    import io
    import uuid

    from albert.resources.files import FileNamespace

    name = f"conformance/{uuid.uuid4()}.csv"
    client.files.sign_and_upload_file(
        data=io.BytesIO(SMALL_TABLE.encode()),
        name=name,
        namespace=FileNamespace.BREAKTHROUGH,
        content_type="text/csv",
    )
    return name


def wait_until_built(client, session_id, seconds=300):
    """Polls as a user's script would: with the public methods only."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        session = client.btmodelsessions.get_by_id(id=session_id)
        models = (session.albert_model_details or {}).get("models", [])
        if models and all(model["state"] in ("Complete", "Error") for model in models) and session.total_time:
            return session
        time.sleep(0.2)
    raise TimeoutError(f"{session_id} was not built within {seconds} s: {session}")


@pytest.fixture(scope="session")
def wait():
    return wait_until_built


results = {"passed": 0, "failed": 0, "skipped": 0}


def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome != "passed":
        results[report.outcome] += 1


def pytest_sessionfinish():
    everything = {f"{one.__name__}.{name}" for one in COLLECTIONS for name in public_methods(one)}
    missing = sorted(everything - called)
    if missing:
        print("\nnever called: " + ", ".join(missing))
    path = os.environ.get("ATHANOR_FIGURES")
    if path:
        figures = {
            "client": version("albert"),
            "methods": len(everything),
            "methods_called": len(everything & called),
            **results,
        }
        with open(path, "w") as file:
            json.dump(figures, file)
