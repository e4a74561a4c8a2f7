"""Prints AWS's managed policies that moto carries, and the IAM actions that cfn-lint knows, as JSON."""

import importlib.resources
import json

from moto.iam.aws_managed_policies import aws_managed_policies_data

specification = importlib.resources.files("cfnlint") / "data/AdditionalSpecs/Policies.json"
services = json.loads(specification.read_text())
managed = json.loads(aws_managed_policies_data)
print(
    json.dumps(
        {
            "actions": [f"{name}:{action}".lower() for name, service in services.items() for action in service["Actions"]],
            "managed": {name: policy["Document"] for name, policy in managed.items()},
        }
    )
)
