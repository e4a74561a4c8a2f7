"""Holds commands of the AWS CLI against botocore's models of the services.

Reads a JSON list of commands, each a list of words, and writes a list of what is wrong with each: null when nothing is.
Operations, parameters, required parameters, enumerated and whole-number values, flags, and --query are looked at.
"""

import json
import sys

import botocore.session
import jmespath
from botocore import xform_name
from botocore.exceptions import UnknownServiceError

SESSION = botocore.session.get_session()
MODELS = {}

# The CLI's own options. Those of the second kind only where an operation has pages.
GLOBAL = {"region", "profile", "output", "query", "endpoint-url", "cli-read-timeout"}
PAGES = {"max-items": 1, "page-size": 1, "starting-token": 1, "no-paginate": 0}
# What the CLI calls otherwise than the API. Source: the AWS CLI 2 command reference.
SERVICES = {"s3api": "s3"}
# Commands of the CLI that are no operation: positional words, and options with how many values each takes.
OWN = {
    ("logs", "tail"): (1, {
        "since": 1, "follow": 0, "format": 1, "filter-pattern": 1,
        "log-stream-names": 9, "log-stream-name-prefix": 1,
    }),
}
# Operations whose answer the CLI writes to a file, which it takes as a word.
FILES = {("lambda", "invoke"): 1}
# Parameters that the CLI adds, and the one that they stand for.
ADDED = {("cloudfront", "create-invalidation"): {"paths": "InvalidationBatch"}}


def model(service):
    if service not in MODELS:
        MODELS[service] = SESSION.get_service_model(SERVICES.get(service, service))
    return MODELS[service]


def options(words):
    """Words behind the operation: positional ones, and options with their values."""
    positional, found = [], {}
    current = None
    for word in words:
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            current = found.setdefault(name, [])
            if value:
                current.append(value)
        elif current is None:
            positional.append(word)
        else:
            current.append(word)
    return positional, found


def fault(words):
    if len(words) < 3 or words[0] != "aws":
        return "expected aws, a service and an operation"
    service, operation = words[1], words[2]
    positional, given = options(words[3:])
    for query in given.get("query", []):
        try:
            jmespath.compile(query)
        except jmespath.exceptions.JMESPathError as error:
            return f"--query: {error}"
    if (service, operation) in OWN:
        return own_fault(OWN[service, operation], positional, given)
    if service == "s3":
        return "aws s3 has commands of its own, which nothing here knows: use s3api"
    try:
        operations = {xform_name(name, "-"): name for name in model(service).operation_names}
    except UnknownServiceError:
        return f"there is no service {service}"
    if operation not in operations:
        return f"{service} has no operation {operation}"
    if len(positional) != FILES.get((service, operation), 0):
        return f"{' '.join(positional) or 'no word'} stands before any option"
    name = operations[operation]
    shape = model(service).operation_model(name).input_shape
    members = {} if shape is None else {xform_name(key, "-"): (key, member) for key, member in shape.members.items()}
    added = ADDED.get((service, operation), {})
    pages = SESSION.get_component("data_loader").load_service_model
    paged = PAGES if can_page(pages, service, name) else {}
    for option, values in given.items():
        if option in GLOBAL or option in paged:
            if len(values) != paged.get(option, 1):
                return f"--{option} takes {paged.get(option, 1)} values, got {len(values)}"
        elif option in added:
            if not values:
                return f"--{option} has no value"
        elif option in members:
            wrong = value_fault(option, values, members[option][1])
            if wrong:
                return wrong
        elif option.startswith("no-") and option[3:] in members and members[option[3:]][1].type_name == "boolean":
            if values:
                return f"--{option} takes no value"
        else:
            return f"{service} {operation} has no --{option}, it has {', '.join(sorted([*members, *added]))}"
    required = [] if shape is None else shape.required_members
    met = {members[option][0] for option in given if option in members} | {added[o] for o in given if o in added}
    missing = [xform_name(key, "-") for key in required if key not in met]
    return f"{service} {operation} wants --{missing[0]}" if missing else None


def own_fault(known, positional, given):
    count, takes = known
    if len(positional) != count:
        return f"takes {count} words before its options, got {len(positional)}"
    for option, values in given.items():
        if option not in takes and option not in GLOBAL:
            return f"there is no --{option}, there is {', '.join(sorted(takes))}"
        wanted = takes.get(option, 1)
        if len(values) != wanted and not (wanted > 1 and values):
            return f"--{option} takes {wanted} values, got {len(values)}"
    return None


def can_page(load, service, name):
    try:
        return name in load(SERVICES.get(service, service), "paginators-1")["pagination"]
    except Exception:
        return False


def value_fault(option, values, shape):
    if shape.type_name == "boolean":
        return f"--{option} takes no value" if values else None
    if not values:
        return f"--{option} has no value"
    if shape.type_name == "list":
        return next((wrong for wrong in (one_fault(option, v, shape.member) for v in values) if wrong), None)
    if len(values) > 1 and shape.type_name not in ("map", "structure"):
        return f"--{option} takes one value, got {len(values)}"
    return one_fault(option, values[0], shape)


def one_fault(option, value, shape):
    if shape.type_name in ("integer", "long") and not value.lstrip("-").isdigit():
        return f"--{option} must be a whole number, got {value}"
    allowed = getattr(shape, "enum", None)
    if allowed and value not in allowed:
        return f"--{option} must be one of {', '.join(allowed)}, got {value}"
    return None


json.dump([fault(words) for words in json.load(sys.stdin)], sys.stdout)
