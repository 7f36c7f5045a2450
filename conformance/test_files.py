"""client.files"""

import hashlib
import io

import pytest
import requests
from albert.exceptions import BadRequestError, NotFoundError
from albert.resources.files import FileCategory, FileNamespace

CONTENT = b"a,b\n1,2\n"


@pytest.mark.parametrize("namespace", list(FileNamespace))
def test_a_file_comes_back_byte_for_byte_from_every_namespace(client, namespace):
    name = f"files/{namespace.value}/straße & co (1).csv"
    client.files.sign_and_upload_file(data=io.BytesIO(CONTENT), name=name, namespace=namespace, content_type="text/csv")
    info = client.files.get_by_name(name=name, namespace=namespace)
    assert (info.name, info.size, info.content_type) == (name, len(CONTENT), "text/csv")
    assert info.etag.strip('"') == hashlib.sha256(CONTENT).hexdigest()
    assert info.last_modified is not None and info.metadata == []
    address = client.files.get_signed_download_url(name=name, namespace=namespace, category=FileCategory.OTHER)
    assert requests.get(address).content == CONTENT


def test_a_file_is_unknown_until_its_bytes_are_there(client):
    name = "files/later.csv"
    address = client.files.get_signed_upload_url(
        name=name, namespace=FileNamespace.BREAKTHROUGH, content_type="text/csv", category=FileCategory.OTHER
    )
    with pytest.raises(NotFoundError):
        client.files.get_by_name(name=name, namespace=FileNamespace.BREAKTHROUGH)
    with pytest.raises(NotFoundError):
        client.files.get_signed_download_url(name=name, namespace=FileNamespace.BREAKTHROUGH)
    assert requests.put(address, data=CONTENT, headers={"Content-Type": "text/csv"}).status_code == 200
    assert client.files.get_by_name(name=name, namespace=FileNamespace.BREAKTHROUGH).size == len(CONTENT)


def test_a_second_upload_replaces_the_first(client):
    for content in (b"a\n1\n", b"a,b\n1,2\n3,4\n"):
        client.files.sign_and_upload_file(
            data=io.BytesIO(content), name="files/twice.csv", namespace=FileNamespace.RESULT, content_type="text/csv"
        )
        info = client.files.get_by_name(name="files/twice.csv", namespace=FileNamespace.RESULT, generic=False)
        assert info.size == len(content)


def test_a_signed_address_works_for_its_own_purpose_only(client):
    address = client.files.get_signed_upload_url(
        name="files/purpose.csv", namespace=FileNamespace.BREAKTHROUGH, content_type="text/csv"
    )
    assert requests.get(address).status_code == 404
    broken = address[:-2] + ("AA" if not address.endswith("AA") else "BB")
    assert requests.put(broken, data=CONTENT, headers={"Content-Type": "text/csv"}).status_code == 404


def test_the_same_name_in_another_namespace_is_another_file(client):
    client.files.sign_and_upload_file(
        data=io.BytesIO(CONTENT), name="files/one.csv", namespace=FileNamespace.RESULT, content_type="text/csv"
    )
    with pytest.raises(NotFoundError):
        client.files.get_by_name(name="files/one.csv", namespace=FileNamespace.PIPELINE)


def test_a_name_with_control_characters_is_refused(client):
    with pytest.raises(BadRequestError):
        client.files.get_signed_upload_url(
            name="files/a\r\nb.csv", namespace=FileNamespace.RESULT, content_type="text/csv"
        )
