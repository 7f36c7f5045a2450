"""client.targets"""

import pytest
from albert.exceptions import AlbertClientError, NotFoundError
from albert.resources.parameter_groups import ParameterCategory
from albert.resources.targets import ComparisonOperator, Criterion, Target, TargetParameter, TargetType

VALUES = {
    ComparisonOperator.EQ: 5.0,
    ComparisonOperator.GT: 1.0,
    ComparisonOperator.GTE: 2.5,
    ComparisonOperator.LT: -3.0,
    ComparisonOperator.LTE: 0.0,
    ComparisonOperator.BETWEEN: {"min": 1.0, "max": 2.0},
    ComparisonOperator.IN_SET: ["a", "b"],
}


def target(operator=ComparisonOperator.GTE, value=90.0, **fields):
    return Target(
        name="spec",
        type=TargetType.PERFORMANCE,
        data_template_id="DAT1",
        data_column_id="DAC1",
        target_value=Criterion(operator=operator, value=value),
        is_required=True,
        **fields,
    )


@pytest.mark.parametrize("operator", list(ComparisonOperator))
def test_every_operator_is_kept(client, operator):
    created = client.targets.create(target=target(operator, VALUES[operator]))
    read = client.targets.get_by_id(id=created.id)
    assert read.target_value == Criterion(operator=operator, value=VALUES[operator])


def test_a_target_comes_back_as_it_was_created(client):
    parameters = [
        TargetParameter(
            id="PRM1",
            parameter_group_id="PRG1",
            category=ParameterCategory.NORMAL,
            unit_id="UNI1",
            value=Criterion(operator=ComparisonOperator.BETWEEN, value={"min": 20.0, "max": 25.0}),
            sequence="1",
        ),
        TargetParameter(id="PRM2", category=ParameterCategory.NORMAL, sequence="2"),
    ]
    wanted = target(parent_id="PRO1", unit_id="UNI2", parameters=parameters, validation=[{"datatype": "number"}])
    created = client.targets.create(target=wanted)
    assert created.id.startswith("TAR")
    read = client.targets.get_by_id(id=created.id, parent_id="PRO1")
    assert read == created
    assert (read.parameters, read.unit_id, read.validation) == (parameters, "UNI2", [{"datatype": "number"}])
    assert read.data_template_id == "DAT1" and read.data_column_id == "DAC1" and read.is_required is True


def test_many_targets_are_read_at_once_and_unknown_ones_left_out(client):
    ids = [client.targets.create(target=target()).id for _ in range(5)]
    found = client.targets.get_by_ids(ids=[*ids, "TAR999999"])
    assert sorted(one.id for one in found) == sorted(ids)
    many = client.targets.get_by_ids(ids=[*ids, *(f"TAR{900000 + i}" for i in range(650))])
    assert sorted(one.id for one in many) == sorted(ids)


def test_a_deleted_target_is_gone(client):
    created = client.targets.create(target=target())
    client.targets.delete(id=created.id)
    with pytest.raises(NotFoundError):
        client.targets.get_by_id(id=created.id)
    assert client.targets.get_by_ids(ids=[created.id]) == []


def test_a_criterion_that_makes_no_sense_is_refused(client):
    with pytest.raises(AlbertClientError):
        client.targets.create(target=target(ComparisonOperator.GTE, "much"))
    with pytest.raises(AlbertClientError):
        client.targets.create(target=target(ComparisonOperator.BETWEEN, {"min": 2.0, "max": 1.0}))
