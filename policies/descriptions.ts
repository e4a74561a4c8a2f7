import type { RuleName } from ".";

/** What a rule asks for. Its id is its key: the name of its file in `rules/`. */
export interface RuleDescription {
  readonly sentence: string;
  /** Page of AWS or of Terraform's AWS provider that asks for the same, or explains why. */
  readonly source: string;
}

const SECURITY_HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide";

export const descriptions: Readonly<Record<RuleName, RuleDescription>> = {
  "alarm-tells-somebody": {
    sentence: "An alarm has an action, and its description names an owner and a runbook.",
    source: `${SECURITY_HUB}/cloudwatch-controls.html#cloudwatch-15`,
  },
  "api-writes-want-a-token": {
    sentence: "API methods that write require an authorizer.",
    source:
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html",
  },
  "balancer-may-write-its-logs": {
    sentence: "The bucket of a load balancer's access logs lets Elastic Load Balancing write.",
    source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html",
  },
  "bucket-has-no-acl": {
    sentence: "No resource needs the ACL of a bucket: ACLs are disabled.",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
  },
  "bucket-is-private": {
    sentence: "A bucket blocks public access.",
    source: `${SECURITY_HUB}/s3-controls.html#s3-8`,
  },
  "bucket-is-versioned-and-encrypted": {
    sentence: "A bucket keeps versions and names its encryption.",
    source: `${SECURITY_HUB}/s3-controls.html`,
  },
  "bucket-refuses-plain-http": {
    sentence: "A bucket's policy denies requests without TLS.",
    source: `${SECURITY_HUB}/s3-controls.html#s3-5`,
  },
  "bucket-tells-only-queues-that-let-it": {
    sentence: "A queue that a bucket notifies accepts messages from that bucket.",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
  },
  "cache-is-encrypted": {
    sentence: "A cache is encrypted at rest and in transit.",
    source: `${SECURITY_HUB}/elasticache-controls.html`,
  },
  "database-forces-tls": {
    sentence: "A database accepts connections with TLS only.",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html",
  },
  "database-is-encrypted": {
    sentence: "A database's storage is encrypted.",
    source: `${SECURITY_HUB}/rds-controls.html#rds-3`,
  },
  "database-is-private": {
    sentence: "A database has no public address.",
    source: `${SECURITY_HUB}/rds-controls.html#rds-2`,
  },
  "database-is-protected-when-asked": {
    sentence: "A protected database has deletion protection and a final snapshot.",
    source: `${SECURITY_HUB}/rds-controls.html#rds-8`,
  },
  "database-keeps-backups": {
    sentence: "A database keeps automated backups.",
    source: `${SECURITY_HUB}/rds-controls.html#rds-11`,
  },
  "distribution-forces-https": {
    sentence: "A distribution serves viewers by HTTPS only.",
    source: `${SECURITY_HUB}/cloudfront-controls.html`,
  },
  "function-answers-in-time": {
    sentence: "A function behind API Gateway has a timeout that API Gateway waits for.",
    source:
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html",
  },
  "function-is-traced": {
    sentence: "A function is traced by X-Ray.",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",
  },
  "function-runtime-is-supported": {
    sentence: "A function's runtime is supported by AWS.",
    source: `${SECURITY_HUB}/lambda-controls.html`,
  },
  "insights-fit-the-class": {
    sentence: "Performance Insights are enabled only for instance classes that have them.",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html",
  },
  "log-group-expires": {
    sentence: "A log group has a retention period.",
    source: `${SECURITY_HUB}/cloudwatch-controls.html#cloudwatch-16`,
  },
  "names-fit": {
    sentence: "A physical name is no longer than AWS accepts.",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
  },
  "public-address-has-a-way": {
    sentence: "A resource with a public address is created after its VPC's internet gateway.",
    source:
      "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html",
  },
  "queue-has-dead-letters": {
    sentence: "A queue has a dead-letter queue.",
    source:
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
  },
  "queue-is-encrypted": {
    sentence: "A queue is encrypted at rest.",
    source: `${SECURITY_HUB}/sqs-controls.html#sqs-1`,
  },
  "queue-outlasts-its-consumer": {
    sentence: "A message stays hidden for 6 times its function's timeout, plus the batching window.",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
  },
  "queue-refuses-plain-http": {
    sentence: "A queue's policy denies requests without TLS.",
    source:
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html#enforce-encryption-data-in-transit",
  },
  "removed-in-provider-6": {
    sentence: "Nothing uses what version 6 of the AWS provider removed.",
    source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade",
  },
  "repository-is-immutable": {
    sentence: "An image repository's tags are immutable.",
    source: `${SECURITY_HUB}/ecr-controls.html`,
  },
  "resources-are-tagged": {
    sentence: "The provider's default tags are complete.",
    source:
      "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
  },
  "role-has-a-boundary": {
    sentence: "A role that a service assumes has a permissions boundary.",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
  },
  "role-names-its-actions": {
    sentence: "A policy lists its actions, without wildcards.",
    source: `${SECURITY_HUB}/iam-controls.html#iam-21`,
  },
  "role-names-its-resources": {
    sentence: 'A policy names its resources, or has a reason for "*".',
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  },
  "second-plan-is-empty": {
    sentence: "No attribute is set in a form that AWS returns differently.",
    source:
      "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_parameter_group#problematic-plan-changes",
  },
  "security-group-is-closed-to-the-world": {
    sentence: "Only a load balancer's security group admits the internet.",
    source: `${SECURITY_HUB}/ec2-controls.html#ec2-18`,
  },
  "service-rolls-back": {
    sentence: "A service rolls back a failed deployment.",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
  },
  "stage-is-logged-and-traced": {
    sentence: "An API stage writes access logs and is traced by X-Ray.",
    source: `${SECURITY_HUB}/apigateway-controls.html#apigateway-3`,
  },
  "storage-has-its-iops": {
    sentence: "IOPS and throughput are set only for storage sizes that accept them.",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage",
  },
  "task-is-unprivileged": {
    sentence: "A container runs without root, privileges or a writable root filesystem.",
    source: "https://docs.aws.amazon.com/config/latest/developerguide/ecs-containers-readonly-access.html",
  },
  "task-size-exists": {
    sentence: "Fargate offers the task's CPU and memory together.",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html",
  },
  "topic-refuses-plain-http": {
    sentence: "A topic's policy denies requests without TLS.",
    source:
      "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html#enforce-encryption-data-in-transit",
  },
  "trust-is-narrow": {
    sentence: "A role trusts services, named accounts, or named federated subjects.",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
  },
  "web-acl-is-associated": {
    sentence: "A web ACL is associated with a resource or named by a distribution.",
    source: "https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating-aws-resource.html",
  },
  "web-acl-lives-where-it-must": {
    sentence: "CloudFront's web ACL has the scope CLOUDFRONT and is in us-east-1.",
    source: "https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html",
  },
  "web-acl-rules-are-ordered": {
    sentence: "The rules of a web ACL have distinct priorities.",
    source: "https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing-order.html",
  },
};
