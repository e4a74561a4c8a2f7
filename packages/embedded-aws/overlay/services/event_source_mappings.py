"""Lambda's event source mappings of queues, with Lambda's validation. The poller is in another process."""

from __future__ import annotations

import threading
from typing import Any, Callable, Dict, List, Optional

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import EventSourceMapping, LambdaBackend, LambdaFunction
from moto.sqs.models import Queue, sqs_backends
from moto.utilities.arns import parse_arn

from ..access import context_of, decide
from ..registry import replaces
from .awslambda import ResourceConflict

MAPPINGS = threading.Lock()
# Settings that the poller does not support, with their purpose.
NOT_RUN = {
    "FilterCriteria": "filters no messages",
    "ProvisionedPollerConfig": "has no provisioned pollers",
    "MetricsConfig": "emits no metrics of mappings",
    "KMSKeyArn": "encrypts no filter criteria",
    "DestinationConfig": "has no destinations of mappings",
}


@replaces(LambdaBackend, "create_event_source_mapping", "lambda", "CreateEventSourceMapping", "accepts what Lambda refuses, and runs functions in Docker while a message is sent")
def create(original: Callable, self: LambdaBackend, spec: Dict[str, Any]) -> EventSourceMapping:
    source, name = spec.get("EventSourceArn") or "", spec.get("FunctionName") or ""
    queue = queue_of(source)
    check(self, spec, queue)
    arn = called(self, name)
    with MAPPINGS:
        known = [one for one in self._event_source_mappings.values() if (one.event_source_arn, one.function_arn) == (source, arn)]
        if known:
            raise ResourceConflict(
                f'An event source mapping with SQS arn (" {source} ") and function (" {name} ") already exists. '
                f"Please update or delete the existing mapping with UUID {known[0].uuid}"
            )
        mapping = original(self, spec)
        mapping.function_arn = arn
        # moto would invoke the function itself.
        queue.lambda_event_source_mappings.clear()
        return mapping


@replaces(LambdaBackend, "update_event_source_mapping", "lambda", "UpdateEventSourceMapping", "accepts what Lambda refuses, and drops the alias that is called")
def update(original: Callable, self: LambdaBackend, uuid: str, spec: Dict[str, Any]) -> Optional[EventSourceMapping]:
    mapping = self.get_event_source_mapping(uuid)
    if mapping is None:
        return None
    now = {
        "FunctionName": mapping.function_arn,
        "BatchSize": mapping.batch_size,
        "MaximumBatchingWindowInSeconds": mapping.max_batch_window,
    }
    check(self, {**now, **spec}, queue_of(mapping.event_source_arn))
    result = original(self, uuid, spec)
    if spec.get("FunctionName"):
        mapping.function_arn = called(self, spec["FunctionName"])
    return result


def queue_of(source: str) -> Queue:
    arn = source.split(":")
    if len(arn) != 6 or arn[2] != "sqs":
        raise InvalidParameterValueException(
            f"an event source mapping of {source or 'a cluster'} can't run in this embedded AWS: it only polls SQS queues"
        )
    queue = sqs_backends[arn[4]][arn[3]].queues.get(arn[5])
    if queue is None:
        raise InvalidParameterValueException(
            "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. "
            "SQS Error Message: The specified queue does not exist."
        )
    return queue


def called(self: LambdaBackend, name: str) -> str:
    """The ARN that Lambda returns: of the given alias or version, otherwise of the function."""
    function, qualifier = self.get_function(name), qualifier_of(name)
    unqualified = ":".join(function.function_arn.split(":")[:7])
    return f"{unqualified}:{qualifier}" if qualifier else unqualified


def qualifier_of(name: str) -> str:
    parts: List[str] = name.split(":function:")[-1].split(":")
    return parts[1] if len(parts) > 1 else ""


def check(self: LambdaBackend, spec: Dict[str, Any], queue: Queue) -> None:
    """Rejects what Lambda rejects, and what is not supported here. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html"""
    for setting, lack in NOT_RUN.items():
        if spec.get(setting):
            raise InvalidParameterValueException(f"{setting} of the mapping of {queue.queue_arn} can't run in this embedded AWS: it {lack}")
    if queue.fifo_queue:
        raise InvalidParameterValueException(f"the mapping of {queue.queue_arn} can't run in this embedded AWS: it does not keep the order of FIFO queues")
    size, window = spec.get("BatchSize") or 10, spec.get("MaximumBatchingWindowInSeconds") or 0
    if not 1 <= size <= 10_000:
        raise InvalidParameterValueException(f"Batch size must be from 1 to 10000, got {size}")
    if not 0 <= window <= 300:
        raise InvalidParameterValueException(f"Maximum batch window in seconds must be from 0 to 300, got {window}")
    if size > 10 and window < 1:
        raise InvalidParameterValueException("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
    concurrency = (spec.get("ScalingConfig") or {}).get("MaximumConcurrency")
    if concurrency is not None and not 2 <= concurrency <= 1_000:
        raise InvalidParameterValueException(f"MaximumConcurrency must be from 2 to 1000, got {concurrency}")
    function = self.get_function(spec.get("FunctionName") or "")
    if int(queue.visibility_timeout) < int(function.timeout):
        raise InvalidParameterValueException(
            f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than Function timeout: {function.timeout} seconds"
        )
    check_role(function, queue)


def check_role(function: LambdaFunction, queue: Queue) -> None:
    """Rejects a mapping if the function's role may not poll the queue.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
    """
    sender = {"service": "lambda.amazonaws.com", "arn": function.function_arn, "role": function.role}
    context = context_of(sender, parse_arn(queue.queue_arn))
    for operation in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
        request = {"action": f"sqs:{operation}", "resource": queue.queue_arn, "context": context}
        if decide(sender, request, queue.policy or "") is not None:
            raise InvalidParameterValueException(f"The provided execution role does not have permissions to call {operation} on SQS")
