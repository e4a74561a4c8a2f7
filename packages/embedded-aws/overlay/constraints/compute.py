"""Lambda, ECS and Application Auto Scaling."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Dict, List, Optional

from moto.iam.models import iam_backends

from . import Call, refuses

LAMBDA = "https://docs.aws.amazon.com/lambda/latest"
ECS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide"

FUNCTIONS = ("lambda.CreateFunction", "lambda.UpdateFunctionConfiguration")

# Variables that Lambda sets itself. Source: its page about environment variables.
RESERVED = {
    *("_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV"),
    *("AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"),
    *("AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME"),
    *("AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    *("AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"),
}
MAX_VARIABLES_BYTES = 4_096

MIN_DISK_GIB, MAX_DISK_GIB = 21, 200


@lru_cache(maxsize=None)
def fargate_sizes() -> Dict[str, List[int]]:
    """Memory of Fargate tasks in MiB, by CPU units; from cfn-lint, which comes with moto.

    Only its file is read: to import cfn-lint takes a second.
    """
    (cfn_lint,) = find_spec("cfnlint").submodule_search_locations
    file = Path(cfn_lint, "data/schemas/extensions/aws_ecs_taskdefinition/fargate_cpu_memory.json")
    sizes = {}
    for one in json.loads(file.read_text())["then"]["anyOf"]:
        memory = one["properties"]["Memory"]["then"]
        (cpu,) = one["properties"]["Cpu"]["then"]["enum"]
        stepped = memory.get("multipleOf") and range(memory["minimum"], memory["maximum"] + 1, memory["multipleOf"])
        sizes[str(cpu)] = memory.get("enum") or list(stepped)
    return sizes


def variables_of(call: Call) -> Dict[str, str]:
    return (call.parameters.get("Environment") or {}).get("Variables") or {}


@refuses("InvalidParameterValueException", f"{LAMBDA}/dg/configuration-envvars.html", *FUNCTIONS)
def variables_are_not_reserved(call: Call) -> Optional[str]:
    reserved = sorted(RESERVED & variables_of(call).keys())
    if not reserved:
        return None
    return (
        "Lambda was unable to configure your environment variables because the environment variables you have provided "
        f"contains reserved keys that are currently not supported for modification. Reserved keys used in this "
        f"request: {', '.join(reserved)}"
    )


@refuses("InvalidParameterValueException", f"{LAMBDA}/dg/gettingstarted-limits.html", *FUNCTIONS)
def variables_fit(call: Call) -> Optional[str]:
    size = len(json.dumps(variables_of(call), separators=(",", ":")).encode())
    if size <= MAX_VARIABLES_BYTES:
        return None
    return (
        "Lambda was unable to configure your environment variables because the environment variables you have provided "
        f"exceeded the {MAX_VARIABLES_BYTES // 1_024}KB limit."
    )


@refuses("InvalidParameterValueException", f"{LAMBDA}/dg/lambda-intro-execution-role.html", *FUNCTIONS)
def role_trusts_lambda(call: Call) -> Optional[str]:
    arn = call.parameters.get("Role")
    role = next((role for role in iam_backends[call.account]["aws"].roles.values() if role.arn == arn), None)
    if role is None or "lambda.amazonaws.com" in role.assume_role_policy_document:
        return None  # moto refuses a role that does not exist
    return "The role defined for the function cannot be assumed by Lambda."


def is_fargate(call: Call) -> bool:
    return "FARGATE" in (call.parameters.get("requiresCompatibilities") or [])


@refuses("ClientException", f"{ECS}/fargate-tasks-services.html", "ecs.RegisterTaskDefinition")
def fargate_offers_the_size(call: Call) -> Optional[str]:
    if not is_fargate(call):
        return None
    cpu, memory = call.parameters.get("cpu") or "0", call.parameters.get("memory") or "0"
    is_plain = cpu.isdigit() and memory.isdigit()
    # ECS also accepts "1 vCPU" and "2 GB".
    if not is_plain or int(memory) in fargate_sizes().get(cpu, []):
        return None
    return f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory."


@refuses("ClientException", f"{ECS}/fargate-tasks-services.html", "ecs.RegisterTaskDefinition")
def fargate_has_an_interface_of_its_own(call: Call) -> Optional[str]:
    if not is_fargate(call) or call.parameters.get("networkMode") == "awsvpc":
        return None
    return "Fargate only supports network mode 'awsvpc'."


@refuses("ClientException", f"{ECS}/task_execution_IAM_role.html", "ecs.RegisterTaskDefinition")
def fargate_has_a_role_to_log(call: Call) -> Optional[str]:
    containers = call.parameters.get("containerDefinitions") or []
    logs = any((one.get("logConfiguration") or {}).get("logDriver") == "awslogs" for one in containers)
    if not is_fargate(call) or not logs or call.parameters.get("executionRoleArn"):
        return None
    return "Fargate requires task definition to have execution role ARN to support log driver awslogs."


@refuses("ClientException", f"{ECS}/fargate-task-storage.html", "ecs.RegisterTaskDefinition")
def fargate_offers_the_disk(call: Call) -> Optional[str]:
    size = (call.parameters.get("ephemeralStorage") or {}).get("sizeInGiB")
    if size is None or MIN_DISK_GIB <= size <= MAX_DISK_GIB:
        return None
    return f"Ephemeral storage size must be between {MIN_DISK_GIB} and {MAX_DISK_GIB} GiB, got {size}."


@refuses("ValidationException", "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html", "application-autoscaling.RegisterScalableTarget")
def capacities_are_in_order(call: Call) -> Optional[str]:
    least, most = call.parameters.get("MinCapacity"), call.parameters.get("MaxCapacity")
    if least is None or most is None or least <= most:
        return None
    return "Maximum capacity cannot be less than minimum capacity"
