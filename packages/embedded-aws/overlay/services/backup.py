"""AWS Backup: selections, vault notifications and changes of plans, which moto lacks. No backups are made."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any, Callable, Dict
from urllib.parse import unquote

from moto.backup.models import Plan
from moto.backup.responses import BackupResponse

from .. import rest, routes
from ..registry import ENTRIES, Entry, replaces
from ..rest import Reply, Request

for action in ("CreateBackupSelection", "GetBackupSelection", "DeleteBackupSelection", "ListBackupSelections"):
    ENTRIES.append(Entry("backup", action, "not implemented"))
for action in ("Put", "Get", "Delete"):
    ENTRIES.append(Entry("backup", f"{action}BackupVaultNotifications", "not implemented"))


@routes.service("backup", r"/backup/plans/[^/]+/selections/?[^/]*/?")
def selections(environ: dict, body: bytes) -> Reply:
    request = rest.read(environ, body)
    plan = request.path[2]
    if request.method == "PUT":
        return select(request, plan)
    if len(request.path) == 4:
        mine = [thing for name, thing in request.things().items() if name.startswith(f"{plan}/")]
        return rest.reply({"BackupSelectionsList": mine})
    key = f"{plan}/{request.path[4]}"
    if key not in request.things():
        return rest.error(400, "InvalidParameterValueException", "Cannot find Backup selection")
    if request.method == "DELETE":
        del request.things()[key]
        return rest.reply({})
    return rest.reply(request.things()[key])


def select(request: Request, plan: str) -> Reply:
    selection: Dict[str, Any] = request.body["BackupSelection"]
    if not selection.get("IamRoleArn") or not selection.get("SelectionName"):
        return rest.error(400, "MissingParameterValueException", "IamRoleArn and SelectionName must be given")
    name, now = str(uuid.uuid4()), time.time()
    kept = {"BackupPlanId": plan, "SelectionId": name, "CreationDate": now, "BackupSelection": selection}
    request.things()[f"{plan}/{name}"] = kept
    return rest.reply({"BackupPlanId": plan, "SelectionId": name, "CreationDate": now})


@routes.service("backup", r"/backup-vaults/[^/]+/notification-configuration/?")
def notifications(environ: dict, body: bytes) -> Reply:
    request = rest.read(environ, body)
    vault = request.path[1]
    key = f"{vault}/notifications"
    if request.method == "PUT":
        arn = request.arn(f"backup-vault:{vault}")
        request.things()[key] = {**request.body, "BackupVaultName": vault, "BackupVaultArn": arn}
        return rest.reply({})
    if key not in request.things():
        return rest.error(400, "ResourceNotFoundException", f"{vault} has no notifications")
    if request.method == "DELETE":
        del request.things()[key]
        return rest.reply({})
    return rest.reply(request.things()[key])


@replaces(BackupResponse, "update_backup_plan", "backup", "UpdateBackupPlan", "not implemented")
def update_plan(_original: Any, self: BackupResponse) -> str:
    plan = self.backup_backend.get_backup_plan(unquote(self.path.rstrip("/").split("/")[-1]), None)
    changed = Plan(json.loads(self.body)["BackupPlan"], plan.creator_request_id, self.backup_backend)
    plan.backup_plan, plan.version_id = changed.backup_plan, changed.version_id
    plan.advanced_backup_settings = changed.advanced_backup_settings
    return json.dumps(plan.to_dict())


@replaces(BackupResponse, "list_tags", "backup", "ListTags", "finds no ARN in a path without a trailing slash")
def list_tags(_original: Callable, self: BackupResponse) -> str:
    arn = unquote(self.path.rstrip("/").split("/")[-1])
    return json.dumps({"Tags": self.backup_backend.list_tags(resource_arn=arn)})


@routes.service("backup", r"/backup-vaults/[^/]+/recovery-points/?")
def recovery_points(_environ: dict, _body: bytes) -> Reply:
    """Empty, because no backups are made; Terraform lists them before it deletes a vault."""
    return rest.reply({"RecoveryPoints": []})


ENTRIES.append(Entry("backup", "ListRecoveryPointsByBackupVault", "not implemented"))
