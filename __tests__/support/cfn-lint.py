"""Prints what cfn-lint, whose data is made from AWS's own APIs, finds in creations that the emulator recorded.

Reads `{"region": "us-east-1", "creations": [{"operation": "rds.CreateDBInstance", "parameters": {...}}]}` from its
standard input, and writes a JSON list of texts. Parameters of these operations have the names of CloudFormation's
properties; those that CloudFormation does not have are left out.
"""

import json
import sys

from cfnlint.api import lint
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

# In characters; some list every allowed value.
MAX_MESSAGE_LENGTH = 200

TYPES = {
    "ecs.CreateService": ["AWS::ECS::Service"],
    "ecs.RegisterTaskDefinition": ["AWS::ECS::TaskDefinition"],
    # Versions and node types are known of clusters only.
    "elasticache.CreateReplicationGroup": ["AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::CacheCluster"],
    "elbv2.CreateListener": ["AWS::ElasticLoadBalancingV2::Listener"],
    "elbv2.CreateLoadBalancer": ["AWS::ElasticLoadBalancingV2::LoadBalancer"],
    "elbv2.CreateTargetGroup": ["AWS::ElasticLoadBalancingV2::TargetGroup"],
    "lambda.CreateFunction": ["AWS::Lambda::Function"],
    "rds.CreateDBInstance": ["AWS::RDS::DBInstance"],
}


# Members whose keys are names of their own.
MAPS = {"Options", "Variables"}


def capitalized(value):
    """The value with capitalized keys, as CloudFormation has them."""
    if isinstance(value, dict):
        pairs = [(key[0].upper() + key[1:], item) for key, item in value.items()]
        return {key: item if key in MAPS else capitalized(item) for key, item in pairs}
    return [capitalized(item) for item in value] if isinstance(value, list) else value


def resource(kind, parameters, region):
    known = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, kind).schema["properties"]
    properties = {key: value for key, value in capitalized(parameters).items() if key in known}
    if kind == "AWS::ElastiCache::CacheCluster":
        properties["NumCacheNodes"] = 1
    if isinstance(properties.get("Tags"), dict):
        properties["Tags"] = [{"Key": key, "Value": value} for key, value in parameters["Tags"].items()]
    if kind == "AWS::Lambda::Function":
        properties["Code"] = {"ZipFile": "the emulator keeps no code"}
    return {"Type": kind, "Properties": properties}


def text(match, resources):
    _, name, *path = match.path
    return f"{match.rule.id} {resources[name]['Type']} {'.'.join(map(str, path[1:]))}: {match.message[:MAX_MESSAGE_LENGTH]}"


def main():
    asked = json.load(sys.stdin)
    kinds = [(kind, one["parameters"]) for one in asked["creations"] for kind in TYPES[one["operation"]]]
    resources = {f"R{number}": resource(*one, asked["region"]) for number, one in enumerate(kinds)}
    template = json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})
    # A resource can be created again after its deletion. The ends of runtimes depend on the date: a policy checks them.
    ignored = ["E3019", "E2531", "E2533"]
    found = lint(template, config={"regions": [asked["region"]], "ignore_checks": ignored})
    print(json.dumps([text(match, resources) for match in found if match.rule.id.startswith("E")]))


main()
