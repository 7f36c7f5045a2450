"""client.design_runs, and client.design_runs_v4 where the client has it"""

import pytest
from albert.collections import design_runs
from albert.exceptions import AlbertClientError, NotFoundError
from albert.resources import design
from albert.resources.btdataset import BTDataset
from albert.resources.btinsight import BTInsightCategory, BTInsightState
from albert.resources.design import DOERunSettings, OptimizationRunSettings
from albert.resources.projects import Project
from albert.resources.smart_datasets import SmartDatasetScope
from albert.resources.targets import ComparisonOperator, Criterion, Target, TargetType

from conftest import SMALL_TABLE

RUNS = ["design_runs"] + (["design_runs_v4"] if hasattr(design_runs, "DesignRunV4Collection") else [])
AT_LEAST = Criterion(operator=ComparisonOperator.GTE, value=150.0)


@pytest.fixture(params=RUNS)
def runs(client, request):
    return getattr(client, request.param)


@pytest.fixture
def target(client):
    return client.targets.create(
        target=Target(
            name="hardness",
            type=TargetType.PERFORMANCE,
            data_template_id="DAT1",
            data_column_id="DAC1",
            target_value=AT_LEAST,
            is_required=True,
        )
    )


@pytest.fixture
def smart(client, upload, target, wait):
    project = client.projects.create(project=Project(description="design"))
    client.btdatasets.create(dataset=BTDataset(name="d", key=upload(SMALL_TABLE), parent_id=project.id))
    scope = SmartDatasetScope(project_ids=[project.id], target_ids=[target.id])
    return wait(client.smart_datasets.create(scope=scope, parent_id=project.id).id)


def test_a_run_that_makes_sense_is_valid(runs, smart, target):
    result = runs.validate_optimization(
        smart_dataset_id=smart.id,
        objectives={target.id: AT_LEAST},
        settings=OptimizationRunSettings(num_candidates_generated=100, num_candidates_selected=5),
    )
    assert result.valid is True and result.violations == []
    assert result.target_sample_counts == {target.id: 30}
    assert runs.validate_optimization(smart_dataset_id=smart.id).valid is True
    assert runs.validate_doe(smart_dataset_id=smart.id, anchor_targets=[target.id]).valid is True


def test_an_objective_may_have_a_weight(runs, smart, target):
    if not hasattr(design, "DesignObjective"):
        return
    objective = design.DesignObjective(operator="gte", value=150.0, weight=3.0)
    assert runs.validate_optimization(smart_dataset_id=smart.id, objectives={target.id: objective}).valid is True


def test_what_is_wrong_is_named_by_its_code(runs, client, smart, target, wait):
    def codes(result):
        assert result.valid is False
        return {violation.code.value for violation in result.violations}

    too_many = OptimizationRunSettings(num_candidates_selected=101)
    assert codes(runs.validate_optimization(smart_dataset_id=smart.id, settings=too_many)) == {"invalid_settings"}
    none = DOERunSettings(num_candidates_generated=0)
    assert codes(runs.validate_doe(smart_dataset_id=smart.id, settings=none)) == {"invalid_settings"}
    out = {"TAR999999": AT_LEAST}
    assert codes(runs.validate_optimization(smart_dataset_id=smart.id, objectives=out)) == {"objective_out_of_scope"}
    text = {target.id: Criterion(operator=ComparisonOperator.EQ, value="red")}
    wrong = runs.validate_optimization(smart_dataset_id=smart.id, objectives=text)
    assert codes(wrong) == {"invalid_objective"} and wrong.violations[0].target_id == target.id
    unbuilt = client.smart_datasets.create(scope=smart.scope, build=False)
    assert codes(runs.validate_doe(smart_dataset_id=unbuilt.id)) == {"dataset_not_ready"}
    untargeted = wait(client.smart_datasets.create(scope=SmartDatasetScope(project_ids=smart.scope.project_ids)).id)
    assert codes(runs.validate_optimization(smart_dataset_id=untargeted.id)) == {"no_performance_targets"}
    with pytest.raises(NotFoundError):
        runs.validate_doe(smart_dataset_id="SDT999999")


def test_a_run_is_an_insight_to_poll(runs, smart, target, wait):
    optimization = runs.create_optimization(
        smart_dataset_id=smart.id,
        name="my run",
        objectives={target.id: AT_LEAST},
        settings=OptimizationRunSettings(num_candidates_generated=200, num_candidates_selected=3),
    )
    assert optimization.name == "my run" and optimization.category == BTInsightCategory.GENERATE
    assert optimization.state == BTInsightState.QUEUED and optimization.id.startswith("INS")
    doe = runs.create_doe(
        smart_dataset_id=smart.id,
        anchor_targets=[target.id],
        settings=DOERunSettings(num_candidates_generated=200, num_candidates_selected=3),
    )
    assert doe.category == BTInsightCategory.SMART_DOE
    for insight in (wait(optimization.id), wait(doe.id)):
        assert insight.state == BTInsightState.COMPLETE
        assert insight.registry.build_logs["lines"]
        assert insight.start_time and insight.end_time
        candidates = insight.raw_payload["candidates"]
        assert [candidate["rank"] for candidate in candidates] == [1, 2, 3]
        assert all(candidate["inputs"] for candidate in candidates)
        scored = insight.category == BTInsightCategory.GENERATE
        assert all(bool(candidate["predictions"]) == scored for candidate in candidates)


def test_a_run_that_is_invalid_is_refused_with_the_reason(runs, smart):
    with pytest.raises(AlbertClientError) as caught:
        runs.create_optimization(
            smart_dataset_id=smart.id, settings=OptimizationRunSettings(num_candidates_selected=0)
        )
    assert "invalid_settings" in caught.value.message
