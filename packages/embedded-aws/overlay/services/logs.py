"""CloudWatch Logs: keys of log groups. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional

from moto.logs.exceptions import LogsClientError, ResourceNotFoundException
from moto.logs.models import LogGroup, LogsBackend
from moto.logs.responses import LogsResponse

from ..key_policies import lets_use
from ..registry import replaces

# KMS actions that CloudWatch Logs needs; source: the page above.
ACTIONS = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:DescribeKey")


@replaces(LogsBackend, "create_log_group", "logs", "CreateLogGroup", "accepts keys that CloudWatch Logs may not use")
def create_log_group(original: Callable, self: LogsBackend, log_group_name: str, tags: Dict[str, str], **named: Any) -> LogGroup:
    if named.get("kmsKeyId"):
        check_key(self, log_group_name, named["kmsKeyId"])
    return original(self, log_group_name, tags, **named)


def check_key(backend: LogsBackend, group: str, key: str) -> None:
    """Raises AWS's error. Source of its text: https://github.com/hashicorp/terraform-provider-aws/issues/29282."""
    place = (backend.account_id, backend.region_name)
    arn = f"arn:aws:logs:{backend.region_name}:{backend.account_id}:log-group:{group}"
    service = f"logs.{backend.region_name}.amazonaws.com"
    if not lets_use(key, place, service, ACTIONS, {"kms:EncryptionContext:aws:logs:arn": arn}):
        message = f"The specified KMS key does not exist or is not allowed to be used with Arn '{arn}'"
        raise LogsClientError("AccessDeniedException", message)


def group_of(self: LogsResponse) -> LogGroup:
    found = self.logs_backend.groups.get(self._get_param("logGroupName"))
    if found is None:
        raise ResourceNotFoundException()
    return found


@replaces(LogsResponse, "associate_kms_key", "logs", "AssociateKmsKey", "not implemented")
def associate(_original: Optional[Callable], self: LogsResponse) -> str:
    group, key = group_of(self), self._get_param("kmsKeyId")
    check_key(self.logs_backend, group.name, key)
    group.kms_key_id = key
    return "{}"


@replaces(LogsResponse, "disassociate_kms_key", "logs", "DisassociateKmsKey", "not implemented")
def disassociate(_original: Optional[Callable], self: LogsResponse) -> str:
    group_of(self).kms_key_id = None
    return "{}"
