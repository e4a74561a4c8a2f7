import { plannedStatements } from "@packages/iam/planned-policy";
import type { Resource, Stack } from "@packages/terraform/synthesized-stack";
import { IDENTITY_POLICY_TYPES } from "./identity-policies";
import { KEY_ATTRIBUTES } from "./key-attributes";
import type { AcceptedFinding } from "./scanners";

/** The last day of the list; all of it is reviewed together. */
export const ACCEPTED_UNTIL = "2027-11-30";

type Find = AcceptedFinding["find"];

/** Resources of a type without a value of an attribute. */
const without =
  (type: string, attribute: string): Find =>
  (stack) =>
    stack.of(type).filter((resource) => !resource.at(attribute).exists);

/** Resources of a type for which a condition holds. */
const where =
  (type: string, condition: (resource: Resource, stack: Stack) => boolean): Find =>
  (stack) =>
    stack.of(type).filter((resource) => condition(resource, stack));

const together =
  (...finds: readonly Find[]): Find =>
  (stack) =>
    finds.flatMap((find) => find(stack));

/** Buckets that no resource of a type configures. */
const bucketsWithout = (type: string): Find =>
  where("aws_s3_bucket", (bucket, stack) => stack.pointing(type, "bucket", bucket).length === 0);

const withoutKey: Find = (stack) =>
  Object.entries(KEY_ATTRIBUTES).flatMap(([type, [{ path }]]) => without(type, path)(stack));

/** Policies with a statement that allows actions on every resource. */
const policiesOnEveryResource: Find = (stack) =>
  stack
    .of(...IDENTITY_POLICY_TYPES)
    .filter((policy) =>
      plannedStatements(policy.at("policy")).some(
        ({ effect, resources }) => effect === "Allow" && resources.includes("*"),
      ),
    );

const hasManagedGroup = (acl: Resource, name: string): boolean =>
  acl.at("rule").list.some((rule) => rule.at("statement.managed_rule_group_statement.name").text === name);

const API: readonly AcceptedFinding[] = [
  {
    requirement: "API Gateway caches responses.",
    reason:
      "the function caches in ElastiCache, where it deletes what a creator changed; API Gateway's cache has no such deletion and costs at least 14 dollars a month",
    rules: {
      checkov: ["CKV_AWS_120", "CKV_AWS_225"],
      trivy: ["AVD-AWS-0002", "AVD-AWS-0190"],
    },
    find: where("aws_api_gateway_stage", (stage) => !stage.at("cache_cluster_enabled").isTrue),
  },
  {
    requirement: "Each method of an API requires a login or an API key.",
    reason: "viewers watch without a login; a method that writes requires a token of the user pool",
    rules: {
      checkov: ["CKV_AWS_59"],
      trivy: ["AVD-AWS-0004"],
      kics: ["15ccec05-5476-4890-ad19-53991eba1db8", "671211c5-5d2a-4e97-8867-30fc28b02216"],
      terrascan: ["AC_AWS_0439"],
    },
    find: where("aws_api_gateway_method", (method) => method.at("authorization").text === "NONE"),
  },
  {
    requirement: "An API has a usage plan.",
    reason: "usage plans count by API key, and viewers have none; the stage and the web ACL limit requests",
    rules: { kics: ["b3a59b8e-94a3-403e-b6e2-527abaf12034", "c999cf62-0920-40f8-8dda-0caccd66ed7e"] },
    find: (stack) =>
      stack.of("aws_api_gateway_usage_plan").length > 0 ? [] : stack.of("aws_api_gateway_stage"),
  },
  {
    requirement: "An API has a private endpoint.",
    reason: "browsers call it through CloudFront",
    rules: { kics: ["6b2739db-9c49-4db7-b980-7816e0c248c1"], terrascan: ["AC_AWS_0011"] },
    find: where(
      "aws_api_gateway_rest_api",
      (api) => !api.at("endpoint_configuration.types").texts.includes("PRIVATE"),
    ),
  },
  {
    requirement: "API Gateway authenticates to its integrations with a client certificate.",
    reason:
      "it calls a Lambda function, which authenticates it by IAM; client certificates are for HTTP integrations",
    rules: {
      checkov: ["CKV2_AWS_51"],
      kics: ["0b4869fc-a842-4597-aa00-1294df425440"],
      terrascan: ["AC_AWS_0013"],
    },
    find: without("aws_api_gateway_stage", "client_certificate_id"),
  },
  {
    requirement: "API Gateway validates the requests of each method.",
    reason:
      "it validates methods with a body; other methods have path parameters only, which a route requires",
    rules: { checkov: ["CKV2_AWS_53"] },
    find: without("aws_api_gateway_method", "request_validator_id"),
  },
  {
    requirement: "An API compresses responses.",
    reason: "CloudFront compresses them for viewers",
    rules: { kics: ["ed35928e-195c-4405-a252-98ccb664ab7b"], terrascan: ["AC_AWS_0010"] },
    find: without("aws_api_gateway_rest_api", "minimum_compression_size"),
  },
  {
    requirement: "An API and its deployments are created before the old ones are deleted.",
    reason:
      "deployments are, but a plan does not contain the lifecycle; an API is never replaced, and a second one of its name would get its metrics",
    rules: { checkov: ["CKV_AWS_217", "CKV_AWS_237"] },
    find: where("aws_api_gateway_rest_api", (api) => !api.at("lifecycle.create_before_destroy").isTrue),
  },
];

const COMPUTE: readonly AcceptedFinding[] = [
  {
    requirement: "A function has a dead-letter queue.",
    reason: "API Gateway and npm run deploy call the functions and get their errors; Lambda queues nothing",
    rules: { checkov: ["CKV_AWS_116"] },
    find: without("aws_lambda_function", "dead_letter_config"),
  },
  {
    requirement: "A function runs signed code only.",
    reason:
      "the pipeline is the only role that may update a function's code, and it applies a reviewed plan that has the code's hash",
    rules: { checkov: ["CKV_AWS_272"] },
    find: without("aws_lambda_function", "code_signing_config_arn"),
  },
  {
    requirement: "A customer-managed key encrypts a function's environment variables.",
    reason:
      "the variables have no secret: functions read secrets from Secrets Manager, and log in with IAM tokens",
    rules: { checkov: ["CKV_AWS_173"], terrascan: ["AC_AWS_0483"] },
    find: without("aws_lambda_function", "kms_key_arn"),
  },
  {
    requirement: "A repository has a policy.",
    reason: "only roles of its own account pull and push, and their policies name the repository",
    rules: { kics: ["69e7c320-b65d-41bb-be02-d63ecc0bcc9d"], terrascan: ["AC_AWS_0462"] },
    find: (stack) => (stack.of("aws_ecr_repository_policy").length > 0 ? [] : stack.of("aws_ecr_repository")),
  },
  {
    requirement: "An ECS cluster has Container Insights.",
    reason: "an environment without alarms has no use for it",
    setting: "processor.containerInsights",
    rules: {
      checkov: ["CKV_AWS_65"],
      trivy: ["AVD-AWS-0034"],
      kics: ["97cb0688-369a-4d26-b1f7-86c4c91231bc"],
    },
    find: where("aws_ecs_cluster", (cluster) => cluster.at("setting.value").text === "disabled"),
  },
];

const EDGE: readonly AcceptedFinding[] = [
  {
    requirement: "A distribution has the access logs of logging_config.",
    reason: "it has the newer access logs of aws_cloudwatch_log_delivery, which need no bucket with an ACL",
    rules: {
      checkov: ["CKV_AWS_86"],
      trivy: ["AVD-AWS-0010"],
      kics: ["94690d79-b3b0-43de-b656-84ebef5753e5"],
      regula: ["FG_R00067"],
      terrascan: ["AC_AWS_0025"],
    },
    find: without("aws_cloudfront_distribution", "logging_config"),
  },
  {
    requirement: "A distribution serves some countries only.",
    reason: "videos are for viewers everywhere",
    rules: { checkov: ["CKV_AWS_374"], regula: ["FG_R00018"], terrascan: ["AC_AWS_0026"] },
    find: where(
      "aws_cloudfront_distribution",
      (distribution) => distribution.at("restrictions.geo_restriction.restriction_type").text === "none",
    ),
  },
  {
    requirement: "A distribution has a default root object.",
    reason: "its default origin, Amplify, answers / with the page",
    rules: { checkov: ["CKV_AWS_305"] },
    find: without("aws_cloudfront_distribution", "default_root_object"),
  },
  {
    requirement: "A distribution has a second origin for failures of the first.",
    reason: "each origin exists in one region; a second region is restored from backups",
    rules: { checkov: ["CKV_AWS_310"] },
    find: without("aws_cloudfront_distribution", "origin_group"),
  },
  {
    requirement: "A distribution has a certificate of its own and requires TLS 1.2.",
    reason:
      "the committed domains are examples without a certificate, and CloudFront's own name accepts TLS 1.0",
    setting: "dns",
    rules: {
      checkov: ["CKV_AWS_174", "CKV2_AWS_42"],
      trivy: ["AVD-AWS-0013"],
      kics: [
        "00e5e55e-c2ff-46b3-a757-a7a1cd802456",
        "3a1e94df-6847-4c0e-a3b6-6c6af4e128ef",
        "5c0003fb-9aa0-42c1-9da3-eb0e332bef21",
      ],
      terrascan: ["AC_AWS_0023"],
    },
    find: where(
      "aws_cloudfront_distribution",
      (distribution) => distribution.at("viewer_certificate.cloudfront_default_certificate").isTrue,
    ),
  },
  {
    requirement: "A load balancer and the requests to it use HTTPS.",
    reason: "the committed domains are examples without a certificate",
    setting: "dns",
    rules: {
      checkov: ["CKV_AWS_2", "CKV_AWS_103", "CKV2_AWS_20", "CKV2_AWS_72"],
      trivy: ["AVD-AWS-0054"],
      kics: ["de7f5e83-da88-4046-871f-ea18504b1d43"],
      regula: ["FG_R00010"],
      terrascan: ["AC_AWS_0024", "AC_AWS_0491"],
    },
    find: where("aws_lb_listener", (listener) => listener.at("protocol").text === "HTTP"),
  },
  {
    requirement: "A load balancer calls its targets over HTTPS.",
    reason: "both are in the VPC's own subnets, and security groups let only the balancer in",
    rules: { checkov: ["CKV_AWS_378"], terrascan: ["AC_AWS_0492"] },
    find: where("aws_lb_target_group", (targets) => targets.at("protocol").text === "HTTP"),
  },
  {
    requirement: "A load balancer has no public address.",
    reason:
      "CloudFront reaches it there; its security group lets only CloudFront in, and its web ACL only our distribution",
    rules: { trivy: ["AVD-AWS-0053"] },
    find: where("aws_lb", (balancer) => balancer.at("internal").raw === false),
  },
  {
    requirement: "Strict-Transport-Security asks browsers to preload the domain.",
    reason:
      "preloading binds every subdomain of the domain and takes months to undo, so the domain's owner decides",
    rules: { checkov: ["CKV_AWS_259"] },
    find: where(
      "aws_cloudfront_response_headers_policy",
      (policy) => !policy.at("security_headers_config.strict_transport_security.preload").isTrue,
    ),
  },
  {
    requirement: "A distribution has a web ACL.",
    reason: "the API and the load balancer have one",
    setting: "firewall.edge",
    rules: {
      checkov: ["CKV_AWS_68"],
      trivy: ["AVD-AWS-0011"],
      kics: ["1419b4c6-6d5c-4534-9cf6-6a5266085333"],
      regula: ["FG_R00073"],
      terrascan: ["AC_AWS_0032"],
    },
    find: without("aws_cloudfront_distribution", "web_acl_id"),
  },
  {
    requirement: "A web ACL has the managed rules of known bad inputs.",
    reason: "only developers use such an environment, and managed rules cost a dollar each a month",
    setting: "firewall.managedGroups",
    rules: { checkov: ["CKV_AWS_192"], regula: ["FG_R00500"] },
    find: where("aws_wafv2_web_acl", (acl) => !hasManagedGroup(acl, "AWSManagedRulesKnownBadInputsRuleSet")),
  },
  {
    requirement: "A web ACL blocks addresses of anonymous networks.",
    reason: "viewers may use a VPN; the rules of known bad inputs stop Log4j attacks",
    rules: { checkov: ["CKV2_AWS_47", "CKV2_AWS_76", "CKV2_AWS_77"] },
    find: where("aws_wafv2_web_acl", (acl) => !hasManagedGroup(acl, "AWSManagedRulesAnonymousIpList")),
  },
  {
    requirement: "Public addresses have Shield Advanced.",
    reason: "it costs 3,000 dollars a month; Shield Standard is always on",
    rules: { kics: ["084c6686-2a70-4710-91b1-000393e54c12"] },
    find: (stack) =>
      stack.of("aws_shield_protection").length > 0 ? [] : stack.of("aws_cloudfront_distribution", "aws_lb"),
  },
];

const STORAGE: readonly AcceptedFinding[] = [
  {
    requirement: "A customer-managed key encrypts data, messages, logs and images.",
    reason:
      "AWS's own keys encrypt them, unless a setting chooses a key that costs money and adds a way to lose the data; access logs can only be written with S3's keys, and the state's bucket exists before any key",
    setting: "encryption",
    rules: {
      checkov: [
        "CKV_AWS_26",
        "CKV_AWS_136",
        "CKV_AWS_145",
        "CKV_AWS_149",
        "CKV_AWS_158",
        "CKV_AWS_166",
        "CKV_AWS_191",
        "CKV_AWS_354",
      ],
      trivy: ["AVD-AWS-0017", "AVD-AWS-0033", "AVD-AWS-0078", "AVD-AWS-0095", "AVD-AWS-0098", "AVD-AWS-0132"],
      kics: [
        "0afbcfe9-d341-4b92-a64c-7e6de0543879",
        "0e32d561-4b5a-4664-a6e3-a3fa85649157",
        "28545147-2fc6-42d5-a1f9-cf226658e591",
        "a2f548f2-188c-4fff-b172-e9a6acb216bd",
      ],
      regula: ["FG_R00068", "FG_R00070"],
      terrascan: ["AC_AWS_0207", "AC_AWS_0366", "AC_AWS_0451", "AC_AWS_0461", "AC_AWS_0500", "AC_AWS_0502"],
    },
    find: withoutKey,
  },
  {
    requirement: "A bucket has access logs.",
    reason: "a bucket of access logs would log its own logs",
    setting: "state.audit",
    rules: {
      checkov: ["CKV_AWS_18"],
      trivy: ["AVD-AWS-0089"],
      kics: ["f861041c-8c9f-4156-acfc-5e6e524f5884"],
      regula: ["FG_R00274"],
      terrascan: ["AC_AWS_0497"],
    },
    find: bucketsWithout("aws_s3_bucket_logging"),
  },
  {
    requirement: "CloudTrail logs each access to an object.",
    reason:
      "a trail belongs to the account or the organization; only the state bucket has one, if `state.audit` asks for it; the buckets of videos have access logs",
    rules: {
      trivy: ["AVD-AWS-0171", "AVD-AWS-0172"],
      kics: ["a8fc2180-b3ac-4c93-bd0d-a55b974e4b07"],
      regula: ["FG_R00354", "FG_R00355"],
    },
    find: (stack) => (stack.of("aws_cloudtrail").length > 0 ? [] : stack.of("aws_s3_bucket")),
  },
  {
    requirement: "A bucket is replicated.",
    reason:
      "sources, streams and the page are replicated; the copies, the logs and the state are not, and Terraform's state has versions",
    rules: { checkov: ["CKV_AWS_144"], regula: ["FG_R00275"] },
    find: bucketsWithout("aws_s3_bucket_replication_configuration"),
  },
  {
    requirement: "A bucket sends notifications.",
    reason: "only uploads start work; nothing listens to the other buckets",
    rules: { checkov: ["CKV2_AWS_62"] },
    find: bucketsWithout("aws_s3_bucket_notification"),
  },
  {
    requirement: "Deleting a version of an object requires MFA.",
    reason:
      "only the root user can turn it on, and lifecycle rules then stop; instead, the pipeline and the programs may delete no version where data is protected",
    rules: {
      trivy: ["AVD-AWS-0170"],
      kics: ["c5b31ab9-0f26-4a49-b8aa-4cc064392f4d"],
    },
    find: where(
      "aws_s3_bucket_versioning",
      (versioning) => versioning.at("versioning_configuration.mfa_delete").text !== "Enabled",
    ),
  },
  {
    requirement: "Secrets Manager rotates a secret.",
    reason:
      "it has signing keys whose public half CloudFront must know first; npm run playback-key rotates both",
    rules: { checkov: ["CKV2_AWS_57"] },
    find: (stack) =>
      stack.of("aws_secretsmanager_secret_rotation").length > 0 ? [] : stack.of("aws_secretsmanager_secret"),
  },
  {
    requirement: "Log groups keep logs for a year.",
    reason: "such an environment has no events that anybody investigates after weeks",
    setting: "logs.retentionDays",
    rules: { checkov: ["CKV_AWS_338"] },
    find: where("aws_cloudwatch_log_group", (group) => group.at("retention_in_days").number < 365),
  },
];

const DATABASES: readonly AcceptedFinding[] = [
  {
    requirement: "A database and a cache have a standby in another zone.",
    reason: "an outage of such an environment has no cost",
    setting: "database.multiAz, cache.replicas",
    rules: {
      checkov: ["CKV_AWS_157", "CKV2_AWS_50"],
      kics: ["6db03a91-f933-4f13-ab38-a8b87a7de54d"],
      regula: ["FG_R00251"],
    },
    find: together(
      where("aws_db_instance", (database) => !database.at("multi_az").isTrue),
      where("aws_elasticache_replication_group", (cache) => !cache.at("automatic_failover_enabled").isTrue),
    ),
  },
  {
    requirement: "A database and a load balancer are protected from deletion.",
    reason: "the data can be made again, and npm start must be able to destroy it",
    setting: "protect",
    rules: {
      checkov: ["CKV_AWS_150", "CKV_AWS_293"],
      trivy: ["AVD-AWS-0177"],
      kics: ["afecd1f1-6378-4f7e-bb3b-60c35801fdd4"],
      regula: ["FG_R00280"],
    },
    find: together(
      where("aws_db_instance", (database) => !database.at("deletion_protection").isTrue),
      where("aws_lb", (balancer) => !balancer.at("enable_deletion_protection").isTrue),
    ),
  },
  {
    requirement: "A database has enhanced monitoring and Performance Insights.",
    reason: "the database has no load to examine",
    setting: "database.monitoringIntervalSeconds, database.performanceInsights",
    rules: { checkov: ["CKV_AWS_118", "CKV_AWS_353"], trivy: ["AVD-AWS-0133"] },
    find: where("aws_db_instance", (database) => !database.at("performance_insights_enabled").isTrue),
  },
  {
    requirement: "Backups of a database and a cache are kept for more than a day.",
    reason: "migrations and uploads recreate the data; a cache can be filled again",
    setting: "database.backupRetentionDays, cache.snapshotRetentionDays",
    rules: {
      checkov: ["CKV_AWS_134"],
      trivy: ["AVD-AWS-0050", "AVD-AWS-0077"],
      kics: ["8fdb08a0-a868-4fdf-9c27-ccab0237f1ab"],
    },
    find: together(
      where("aws_db_instance", (database) => database.at("backup_retention_period").number <= 1),
      where("aws_elasticache_replication_group", (cache) => cache.at("snapshot_retention_limit").number < 1),
    ),
  },
];

const NETWORK: readonly AcceptedFinding[] = [
  {
    requirement: "Security groups allow no outbound traffic to every address.",
    reason:
      "functions and the processor call AWS over HTTPS, whose addresses change; the rule allows port 443 only",
    rules: { trivy: ["AVD-AWS-0104"] },
    find: where("aws_vpc_security_group_egress_rule", (rule) => rule.at("cidr_ipv4").text === "0.0.0.0/0"),
  },
  {
    requirement: "A task has no public address.",
    reason:
      "an environment without a NAT gateway needs it, and the security group lets nobody but the load balancer in",
    setting: "network.nat",
    rules: { checkov: ["CKV_AWS_333"] },
    find: where("aws_ecs_service", (service) => service.at("network_configuration.assign_public_ip").isTrue),
  },
  {
    requirement: "A VPC has Network Firewall.",
    reason: "it costs about 290 dollars a month for each zone; security groups limit ports and peers",
    rules: { kics: ["fd632aaf-b8a1-424d-a4d1-0de22fd3247a"] },
    find: (stack) => (stack.of("aws_networkfirewall_firewall").length > 0 ? [] : stack.of("aws_vpc")),
  },
];

const ACCESS: readonly AcceptedFinding[] = [
  {
    requirement: "Policies name resources and conditions, and grant no rights over policies.",
    reason:
      'programs use "*" only for actions without narrower resources, each with its reason in policies/exceptions.ts; the pipeline\'s roles manage every resource of an environment, below a boundary',
    rules: {
      checkov: [
        "CKV_AWS_286",
        "CKV_AWS_287",
        "CKV_AWS_288",
        "CKV_AWS_289",
        "CKV_AWS_290",
        "CKV_AWS_355",
        "CKV2_AWS_40",
      ],
      trivy: ["AVD-AWS-0345"],
    },
    find: policiesOnEveryResource,
  },
];

/** Every finding of the scanners on the committed environments that is not corrected. */
export const acceptedFindings: readonly AcceptedFinding[] = [
  ...API,
  ...COMPUTE,
  ...EDGE,
  ...STORAGE,
  ...DATABASES,
  ...NETWORK,
  ...ACCESS,
];
