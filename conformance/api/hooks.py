"""
What the generated requests are told beyond the document: ids of records that exist, so that requests get past the
lookup. A wrong id is tried as often as a right one.
"""

import json
import os
import random

import schemathesis

KNOWN = json.loads(os.environ.get("ATHANOR_KNOWN_IDS", "{}"))


def replaced(parameters):
    if not parameters:
        return parameters
    chooser = random.Random(repr(sorted(parameters.items())))
    return {
        name: chooser.choice(KNOWN[name]) if KNOWN.get(name) and chooser.random() < 0.5 else value
        for name, value in parameters.items()
    }


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    # The story of a session that nobody builds has no end, so its stream would not either.
    if context.operation is not None and context.operation.path.endswith("/events"):
        return path_parameters
    return replaced(path_parameters)


@schemathesis.hook
def map_body(context, body):
    """Bodies name records as well: half of them name records that exist."""
    if not isinstance(body, dict):
        return body
    chooser = random.Random(repr(sorted(map(str, body.items()))))
    body = {
        name: chooser.choice(KNOWN[name]) if KNOWN.get(name) and chooser.random() < 0.5 else value
        for name, value in body.items()
    }
    if context.operation.path.endswith("/rows") and chooser.random() < 0.6:
        body["rows"] = [measured_row(chooser) for _ in range(chooser.randint(1, 4))]
    if isinstance(body.get("space"), dict) and chooser.random() < 0.6:
        name_columns(body["space"], chooser)
    return body


CELLS = [0, 1, 12.5, -3, 1e308, 5e-324, None, "", "12", "=1+1", "a,b", '"', "\n", "n/a", "\u0000", "\ud7ff", True]


def measured_row(chooser):
    """A row of the table that is there, with cells that are right as often as they are not."""
    return {
        column: chooser.randint(0, 30) if chooser.random() < 0.7 else chooser.choice(CELLS)
        for column in KNOWN["columns"]
        if chooser.random() < 0.9
    }


def name_columns(part, chooser):
    """Variables and constraints of a search space that are about columns of the table."""
    if isinstance(part, dict):
        if "key" in part and chooser.random() < 0.8:
            part["key"] = chooser.choice(KNOWN["columns"])
        if isinstance(part.get("keys"), list):
            part["keys"] = [chooser.choice(KNOWN["columns"]) for _ in part["keys"]]
        for value in part.values():
            name_columns(value, chooser)
    elif isinstance(part, list):
        for value in part:
            name_columns(value, chooser)
