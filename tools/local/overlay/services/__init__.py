"""One module for each AWS service that is mended."""

from . import awslambda, core, ec2, elasticache, rds, sqs  # noqa: F401
