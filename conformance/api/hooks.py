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
    return {
        name: chooser.choice(KNOWN[name]) if KNOWN.get(name) and chooser.random() < 0.5 else value
        for name, value in body.items()
    }
