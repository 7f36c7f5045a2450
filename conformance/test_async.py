"""AsyncAlbert as a script uses it: sign-in, requests side by side, and its errors."""

import asyncio
import os

import pytest
from albert.client import AsyncAlbert
from albert.exceptions import NotFoundError, UnauthorizedError

from conftest import ConflictError


def run(work):
    return asyncio.run(work)


def test_the_async_client_signs_in_and_works_on_the_whole_family(url):
    async def story():
        credentials = {
            "base_url": url,
            "client_id": os.environ["ATHANOR_CLIENT_ID"],
            "client_secret": os.environ["ATHANOR_CLIENT_SECRET"],
        }
        async with AsyncAlbert.from_client_credentials(**credentials) as client:
            session = client.session
            bodies = [{"name": f"async {i}", "category": "Generate"} for i in range(20)]
            made = await asyncio.gather(*(session.post("/api/v3/btinsight", json=body) for body in bodies))
            ids = [answer.json()["albertId"] for answer in made]
            assert len(set(ids)) == 20
            found = await session.get("/api/v3/btinsight/search", params={"text": "async", "limit": 1000})
            assert set(ids) <= {item["albertId"] for item in found.json()["Items"]}
            patch = {"data": [{"operation": "update", "attribute": "name", "oldValue": "async 0", "newValue": "one"}]}
            assert (await session.patch(f"/api/v3/btinsight/{ids[0]}", json=patch)).json()["name"] == "one"
            with pytest.raises(ConflictError):
                await session.patch(f"/api/v3/btinsight/{ids[0]}", json=patch)
            await session.delete(f"/api/v3/btinsight/{ids[0]}")
            with pytest.raises(NotFoundError):
                await session.get(f"/api/v3/btinsight/{ids[0]}")

    run(story())


def test_the_async_client_takes_a_static_token_and_is_refused_with_a_wrong_one(url):
    async def story():
        async with AsyncAlbert.from_token(base_url=url, token=os.environ["ATHANOR_TOKEN"]) as client:
            answer = await client.session.get("/api/v3/login/validatejwt")
            assert answer.json()["userId"] == "USR1"
        async with AsyncAlbert.from_token(base_url=url, token="nonsense") as client:
            with pytest.raises(UnauthorizedError):
                await client.session.get("/api/v3/btdataset")

    run(story())
