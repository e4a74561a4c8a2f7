import type { RuleName } from ".";

/** What a rule asks for. Its id is its key: the name of its file in `rules/`. */
export interface RuleDescription {
  readonly sentence: string;
  /** Page of AWS, GitHub or the provider that asks for the same, or explains why. */
  readonly source?: string;
}

const SECURITY_HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide";

export const descriptions: Readonly<Record<RuleName, RuleDescription>> = {
  "alarm-tells-somebody": {
    sentence: "An alarm has an action, and its description names an owner and a runbook.",
  },
  "api-writes-want-a-token": { sentence: "API methods that write require an authorizer." },
  "balancer-may-write-its-logs": {
    sentence: "The bucket of a load balancer's access logs lets Elastic Load Balancing write.",
  },
  "bucket-has-no-acl": { sentence: "No resource needs the ACL of a bucket: ACLs are disabled." },
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
  },
  "cache-is-encrypted": {
    sentence: "A cache is encrypted at rest and in transit.",
    source: `${SECURITY_HUB}/elasticache-controls.html`,
  },
  "database-forces-tls": { sentence: "A database accepts connections with TLS only." },
  "database-is-encrypted": { sentence: "A database's storage is encrypted." },
  "database-is-private": { sentence: "A database has no public address." },
  "database-is-protected-when-asked": {
    sentence: "A protected database has deletion protection and a final snapshot.",
  },
  "database-keeps-backups": { sentence: "A database keeps automated backups." },
  "distribution-forces-https": {
    sentence: "A distribution serves viewers by HTTPS only.",
    source: `${SECURITY_HUB}/cloudfront-controls.html`,
  },
  "function-answers-in-time": {
    sentence: "A function behind API Gateway has a timeout that API Gateway waits for.",
  },
  "function-is-traced": { sentence: "A function is traced by X-Ray." },
  "function-runtime-is-supported": {
    sentence: "A function's runtime is supported by AWS.",
    source: `${SECURITY_HUB}/lambda-controls.html`,
  },
  "insights-fit-the-class": {
    sentence: "Performance Insights are enabled only for instance classes that have them.",
  },
  "log-group-expires": { sentence: "A log group has a retention period." },
  "names-fit": { sentence: "A physical name is no longer than AWS accepts." },
  "public-address-has-a-way": {
    sentence: "A resource with a public address is created after its VPC's internet gateway.",
  },
  "queue-has-dead-letters": { sentence: "A queue has a dead-letter queue." },
  "queue-is-encrypted": {
    sentence: "A queue is encrypted at rest.",
    source: `${SECURITY_HUB}/sqs-controls.html#sqs-1`,
  },
  "queue-outlasts-its-consumer": {
    sentence: "A message stays hidden longer than its consumer may take.",
  },
  "queue-refuses-plain-http": { sentence: "A queue's policy denies requests without TLS." },
  "removed-in-provider-6": {
    sentence: "Nothing uses what version 6 of the AWS provider removed.",
  },
  "repository-is-immutable": {
    sentence: "An image repository's tags are immutable.",
    source: `${SECURITY_HUB}/ecr-controls.html`,
  },
  "resources-are-tagged": { sentence: "The provider's default tags are complete." },
  "role-has-a-boundary": { sentence: "A role that a service assumes has a permissions boundary." },
  "role-names-its-actions": { sentence: "A policy lists its actions, without wildcards." },
  "role-names-its-resources": {
    sentence: 'A policy names its resources, or has a reason for "*".',
  },
  "second-plan-is-empty": {
    sentence: "No attribute is set in a form that AWS returns differently.",
  },
  "security-group-is-closed-to-the-world": {
    sentence: "Only a load balancer's security group admits the internet.",
  },
  "service-rolls-back": { sentence: "A service rolls back a failed deployment." },
  "stage-is-logged-and-traced": {
    sentence: "An API stage writes access logs and is traced by X-Ray.",
    source: `${SECURITY_HUB}/apigateway-controls.html#apigateway-3`,
  },
  "storage-has-its-iops": {
    sentence: "IOPS and throughput are set only for storage sizes that accept them.",
  },
  "task-is-unprivileged": {
    sentence: "A container runs without root, privileges or a writable root filesystem.",
    source: "https://docs.aws.amazon.com/config/latest/developerguide/ecs-containers-readonly-access.html",
  },
  "task-size-exists": { sentence: "Fargate offers the task's CPU and memory together." },
  "topic-refuses-plain-http": { sentence: "A topic's policy denies requests without TLS." },
  "trust-is-narrow": {
    sentence: "A role trusts services, named accounts, or named federated subjects.",
  },
  "web-acl-is-associated": {
    sentence: "A web ACL is associated with a resource or named by a distribution.",
  },
  "web-acl-lives-where-it-must": {
    sentence: "CloudFront's web ACL has the scope CLOUDFRONT and is in us-east-1.",
  },
  "web-acl-rules-are-ordered": { sentence: "The rules of a web ACL have distinct priorities." },
};
