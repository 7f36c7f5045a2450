"""client.projects, as far as the family needs them"""

import pytest
from albert.exceptions import NotFoundError
from albert.resources.btdataset import BTDataset
from albert.resources.projects import Project, ProjectClass

from conftest import ConflictError


def test_a_project_is_created_read_found_and_changed(client):
    created = client.projects.create(
        project=Project(description="Weatherproof coatings", project_class=ProjectClass.SHARED)
    )
    read = client.projects.get_by_id(id=created.id)
    assert (read.description, read.project_class) == ("Weatherproof coatings", ProjectClass.SHARED)
    assert created.id in [one.id for one in client.projects.search(text="weatherproof")]
    assert created.id in [one.id for one in client.projects.get_all(text="coatings")]
    read.description = "Weatherproof coatings, second go"
    assert client.projects.update(project=read).description == "Weatherproof coatings, second go"


def test_the_search_pages_through_everything_once(client):
    made = {client.projects.create(project=Project(description=f"numbered {i}")).id for i in range(12)}
    found = [one.id for one in client.projects.search(text="numbered")]
    assert len(found) == len(set(found)) and set(found) == made
    assert len(list(client.projects.search(text="numbered", max_items=5))) == 5


def test_the_first_use_of_a_project_makes_it(client):
    client.btdatasets.create(dataset=BTDataset(name="d", parent_id="PRO4711"))
    assert client.projects.get_by_id(id="PRO4711").id == "PRO4711"


def test_a_project_is_deleted_only_when_nothing_hangs_under_it(client):
    project = client.projects.create(project=Project(description="short-lived"))
    dataset = client.btdatasets.create(dataset=BTDataset(name="d", parent_id=project.id))
    with pytest.raises(ConflictError):
        client.projects.delete(id=project.id)
    client.btdatasets.delete(id=dataset.id)
    client.projects.delete(id=project.id)
    with pytest.raises(NotFoundError):
        client.projects.get_by_id(id=project.id)
