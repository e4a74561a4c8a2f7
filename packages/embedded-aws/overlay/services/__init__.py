"""One module for each AWS service that is mended."""

from . import (  # noqa: F401
    amplify,
    applicationautoscaling,
    awslambda,
    backup,
    budgets,
    cloudfront,
    cloudwatch,
    core,
    ecs,
    ec2,
    elasticache,
    grafana,
    rds,
    s3,
    s3_versions,
    sqs,
    tagging,
    xray,
)
