"""What the suite shares: the real client, pointed at the server that run.ts started, and the record of what was called."""

import asyncio
import io
import json
import os
import time
import uuid
from importlib.metadata import version

import albert.exceptions
import pytest
from albert import Albert
from albert.client import AsyncAlbert
from albert.collections.btdataset import BTDatasetCollection
from albert.collections.btinsight import BTInsightCollection
from albert.collections.btmodel import BTModelCollection, BTModelSessionCollection
from albert.collections.files import FileCollection
from albert.collections.projects import ProjectCollection
from albert.collections.smart_datasets import SmartDatasetCollection
from albert.collections.targets import TargetCollection
from albert.collections.users import UserCollection
from albert.core.auth.credentials import AlbertClientCredentials
from albert.core.session import AlbertSession
from albert.collections import design_runs
from albert.resources.files import FileNamespace
from pydantic import SecretStr

# Old clients know no class of their own for 409.
ConflictError = getattr(albert.exceptions, "ConflictError", albert.exceptions.AlbertClientError)

TRANSPORT = os.environ.get("ATHANOR_TRANSPORT", "sync")

# Of projects the family needs no more than these; the rest is another product's.
PROJECT_METHODS = {"create", "get_by_id", "search", "get_all", "update", "delete"}


def public_methods(collection):
    if collection is ProjectCollection:
        return sorted(PROJECT_METHODS)
    names = set()
    for base in collection.__mro__:
        if base.__module__.startswith("albert.collections") and base.__name__ != "BaseCollection":
            names |= {name for name, value in vars(base).items() if callable(value) and not name.startswith("_")}
    return sorted(names)


COLLECTIONS = {
    "files": FileCollection,
    "btdatasets": BTDatasetCollection,
    "btmodelsessions": BTModelSessionCollection,
    "btmodels": BTModelCollection,
    "btinsights": BTInsightCollection,
    "targets": TargetCollection,
    "smart_datasets": SmartDatasetCollection,
    "projects": ProjectCollection,
    "users": UserCollection,
    "design_runs": design_runs.DesignRunCollection,
}
if hasattr(design_runs, "DesignRunV4Collection"):
    COLLECTIONS["design_runs_v4"] = design_runs.DesignRunV4Collection

# Method to the tests that called it, as "behaviour" to outcome.
behaviours: dict[str, dict[str, str]] = {
    f"{name}.{method}": {} for name, collection in COLLECTIONS.items() for method in public_methods(collection)
}
called_now: set[str] = set()


def record_calls(collection_name, collection):
    """Wraps every public method so that the run can say which were used: a method nobody called is not conformant."""
    for name in public_methods(collection):
        method = getattr(collection, name)

        def recorded(self, *args, _method=method, _name=f"{collection_name}.{name}", _type=collection, **kwargs):
            # A collection that inherits its methods is counted as itself.
            if type(self) is _type:
                called_now.add(_name)
            return _method(self, *args, **kwargs)

        setattr(collection, name, recorded)


for one_name, one in reversed(COLLECTIONS.items()):
    record_calls(one_name, one)


class OverAsync:
    """
    What collections expect of a session, over the session of AsyncAlbert: its own collections are those of the chat
    only, so every other method is sent through `client.session` as a script would.
    """

    def __init__(self, credentials):
        self.loop = asyncio.new_event_loop()
        self.client = AsyncAlbert(auth_manager=credentials)
        self.base_url = credentials.base_url

    def request(self, method, path, *, params=None, json=None, data=None, headers=None, retry_safe=False, **_):
        options = {"json": json} if json is not None else {}
        if data is not None:
            options["content"] = data
        if params:
            options["params"] = AlbertSession._encode_query_params(None, params)
        if headers:
            options["headers"] = dict(headers)
        return self.loop.run_until_complete(self.client.session._request(method, path, **options))

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, url, **options):
        return self.request("POST", url, **options)

    def put(self, url, **options):
        return self.request("PUT", url, **options)

    def patch(self, url, **options):
        return self.request("PATCH", url, **options)

    def delete(self, url, **options):
        return self.request("DELETE", url, **options)


@pytest.fixture(scope="session")
def url():
    return os.environ["ATHANOR_URL"]


@pytest.fixture(scope="session")
def make_client(url):
    """A client of the transport that this run is about, for any credential."""

    def make(client_id, secret):
        credentials = AlbertClientCredentials(id=client_id, secret=SecretStr(secret), base_url=url)
        if TRANSPORT == "async":
            return Albert(session=OverAsync(credentials))
        return Albert(auth_manager=credentials)

    return make


@pytest.fixture(scope="session")
def client(make_client):
    return make_client(os.environ["ATHANOR_CLIENT_ID"], os.environ["ATHANOR_CLIENT_SECRET"])


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
def upload(client):
    """Uploads a table under a name of its own and gives that name."""

    def upload_table(text):
        name = f"conformance/{uuid.uuid4()}.csv"
        client.files.sign_and_upload_file(
            data=io.BytesIO(text.encode()), name=name, namespace=FileNamespace.BREAKTHROUGH, content_type="text/csv"
        )
        return name

    return upload_table


@pytest.fixture
def small_table_key(upload):
    """A file of 30 experiments."""
    return upload(SMALL_TABLE)


def poll(read, is_over, seconds):
    """Polls as a user's script would: with the public methods only."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        record = read()
        if is_over(record):
            return record
        time.sleep(0.1)
    raise TimeoutError(f"not over within {seconds} s: {record}")


@pytest.fixture(scope="session")
def wait(client):
    """Waits for a session, an insight or a smart dataset, told by the id."""

    def wait_for(id, seconds=300):
        if id.startswith("MDS"):

            def is_built(session):
                models = (session.albert_model_details or {}).get("models", [])
                return models and all(m["state"] in ("Complete", "Error") for m in models) and session.total_time

            return poll(lambda: client.btmodelsessions.get_by_id(id=id), is_built, seconds)
        if id.startswith("INS"):
            return poll(
                lambda: client.btinsights.get_by_id(id=id), lambda one: one.state in ("Complete", "Error"), seconds
            )
        return poll(lambda: client.smart_datasets.get_by_id(id=id), lambda one: one.build_state != "building", seconds)

    return wait_for


results = {"passed": 0, "failed": 0, "skipped": 0}


def behaviour_of(nodeid):
    """The sentence that a test's name is."""
    name = nodeid.split("::")[-1].split("[")[0]
    return name.removeprefix("test_").replace("_", " ")


def pytest_runtest_setup(item):
    called_now.clear()


def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome != "passed":
        results[report.outcome] += 1
        sentence = behaviour_of(report.nodeid)
        for method in called_now & behaviours.keys():
            if behaviours[method].get(sentence, "passed") == "passed":
                behaviours[method][sentence] = report.outcome


def pytest_sessionfinish():
    missing = sorted(method for method, tests in behaviours.items() if not tests)
    if missing:
        print("\nnever called: " + ", ".join(missing))
    path = os.environ.get("ATHANOR_FIGURES")
    if path:
        with open(path, "w") as file:
            json.dump(
                {"client": version("albert"), "transport": TRANSPORT, "missing": missing, **results, "matrix": behaviours},
                file,
            )
