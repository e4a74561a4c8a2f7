"""RDS: attributes of an instance that moto forgets."""

from __future__ import annotations

import json
import random
import secrets
import string
from typing import Any, Callable, Dict, List

from moto.rds.models import DBInstance, DBParameterGroup, MasterUserSecret

from ..registry import replaces

LETTERS = string.ascii_uppercase + string.digits


@replaces(DBInstance, "__init__", "rds", "CreateDBInstance", "gives every instance one resource id; forgets monitoring, Performance Insights and the life cycle")
def create(original: Callable, self: DBInstance, backend: Any, *arguments: Any, **named: Any) -> None:
    original(self, backend, *arguments, **named)
    self.dbi_resource_id = "db-" + "".join(random.choice(LETTERS) for _ in range(26))
    self.monitoring_interval = named.get("monitoring_interval") or 0
    self.monitoring_role_arn = named.get("monitoring_role_arn")
    self.engine_lifecycle_support = named.get("engine_lifecycle_support") or "open-source-rds-extended-support"
    insights = bool(named.get("enable_performance_insights"))
    self.performance_insights_enabled = insights
    if insights:
        self.performance_insights_retention_period = named.get("performance_insights_retention_period") or 7
        key = named.get("performance_insights_kms_key_id")
        self.performance_insights_kms_key_id = key or f"arn:aws:kms:{self.region}:{self.account_id}:alias/aws/rds"


@replaces(DBParameterGroup, "update_parameters", "rds", "ModifyDBParameterGroup", "does not tell which parameters a user has set")
def update_parameters(_original: Callable, self: DBParameterGroup, new: List[Dict[str, Any]]) -> None:
    for parameter in new:
        current = self.parameters[parameter["ParameterName"]]
        current.update(parameter)
        current["Source"] = "user"


@replaces(MasterUserSecret, "_generate_secret_string", "rds", "CreateDBInstance", "the managed secret holds the same user and password for every instance")
def secret_string(_original: Callable, self: MasterUserSecret) -> str:
    letters = string.ascii_letters + string.digits
    password = "".join(secrets.choice(letters) for _ in range(28))
    return json.dumps({"username": self.resource.master_username, "password": password})
