"""Prints the sizes that cfn-lint knows, as JSON: its data is made from AWS's own APIs."""

import json
from importlib.resources import files

EXTENSIONS = files("cfnlint.data.schemas.extensions")


def read(path):
    return json.loads(EXTENSIONS.joinpath(path).read_text())


def regions(path):
    """What is known of each region; some are only the name of another."""
    return [region for region in read(path).values() if isinstance(region, dict)]


def fargate():
    """Memory in MiB by CPU units, where they are given as numbers."""
    sizes = {}
    for size in read("aws_ecs_taskdefinition/fargate_cpu_memory.json")["then"]["anyOf"]:
        memory = size["properties"]["Memory"]["then"]
        (cpu,) = size["properties"]["Cpu"]["then"]["enum"]
        sizes[cpu] = memory.get("enum") or list(
            range(memory["minimum"], memory["maximum"] + 1, memory["multipleOf"])
        )
    return sizes


def database():
    """Instance classes that PostgreSQL runs on, in any region."""
    classes = set()
    for region in regions("aws_rds_dbinstance/dbinstanceclass_enum.json"):
        for rule in region.get("allOf", []):
            if rule["if"]["properties"]["Engine"].get("const") == "postgres":
                classes.update(rule["then"]["properties"]["DBInstanceClass"]["enum"])
    return sorted(classes)


def cache():
    """Node types, in any region."""
    known = regions("aws_elasticache_cachecluster/cachenodetype_enum.json")
    return sorted({name for region in known for name in region["enum"]})


print(json.dumps({"fargate": fargate(), "database": database(), "cache": cache()}))
