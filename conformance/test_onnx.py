"""Models exported as ONNX predict what Athanor predicts, in the runtime that others will run them in."""

import json
import os
import pathlib

import numpy
import onnx
import onnxruntime
import pytest

folder = pathlib.Path(os.environ["ATHANOR_ONNX_CASES"])
cases = sorted(path.stem for path in folder.glob("*.onnx"))


def feed(inputs):
    """The columns as the runtime takes them: doubles with NaN, text with empty cells for what is missing."""
    cells = {}
    for column in inputs:
        missing = "" if column["isText"] else numpy.nan
        kind = object if column["isText"] else numpy.float64
        values = [missing if cell is None else cell for cell in column["cells"]]
        cells[column["key"]] = numpy.array(values, dtype=kind).reshape(-1, 1)
    return cells


def relative(found, expected):
    """Differences over what they are differences of; of numbers that are tiny beside the others, over a thousandth of those:
    where all trees agree, the spread between them is a difference of squares that has cancelled."""
    scale = numpy.maximum(numpy.abs(expected), 1e-3 * numpy.median(numpy.abs(expected)))
    return numpy.abs(found - expected) / scale


@pytest.mark.parametrize("case", cases)
def test_the_runtime_predicts_what_athanor_predicts(case):
    path = folder / f"{case}.onnx"
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert model.producer_name == "Athanor"
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    written = json.loads((folder / f"{case}.json").read_text())
    cells = feed(written["inputs"])
    named = {port.name: cells[port.name] for port in session.get_inputs()}
    found = dict(zip([port.name for port in session.get_outputs()], session.run(None, named)))
    worst = 0.0
    for target in written["targets"]:
        expected = {
            "mean": [one["mean"] for one in target["predictions"]],
            "sd": [one["standardDeviation"] for one in target["predictions"]],
            "lower90": [one["interval"]["lower"] for one in target["predictions"]],
            "upper90": [one["interval"]["upper"] for one in target["predictions"]],
        }
        for what, numbers in expected.items():
            cells_found = found[f"{target['target']}.{what}"]
            assert cells_found.dtype == numpy.float64 and cells_found.shape == (len(numbers), 1)
            difference = relative(cells_found[:, 0], numpy.array(numbers))
            assert numpy.isfinite(cells_found).all(), f"{what}: {numpy.flatnonzero(~numpy.isfinite(cells_found[:, 0]))}"
            worst = max(worst, difference.max())
            assert difference.max() < 1e-9, f"{target['target']} {what}, row {difference.argmax()}: {difference.max()}"
    print(f"{case}: {worst:.1e}")


def test_there_is_a_case_for_every_algorithm():
    assert len(cases) >= 10
