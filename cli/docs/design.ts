import { Value } from "@packages/terraform/value";
import { firstDesign, idleCost, type Item } from "./cost";
import type { Stack } from "@packages/terraform/synthesized-stack";
import type { Extras } from "./load";
import { FIRST_TASK, type Task, taskOf } from "./task";

/** The properties of a design that determine the cost of a video. */
export interface Design {
  readonly name: string;
  /** Monthly cost without videos. */
  readonly idle: readonly Item[];
  readonly task: Task;
  readonly extras: Extras;
  /** Sources and streams pass NAT gateways between tasks and S3. */
  readonly nat: boolean;
  readonly function: { readonly memoryMiB: number; readonly arm: boolean };
  /** Log lines per API call, in addition to Lambda's own. */
  readonly logLines: number;
  /** Share of API calls and videos that are traced, 0 to 1. */
  readonly traced: number;
  /** Web ACLs inspect requests to the API and to CloudFront. */
  readonly inspected: { readonly api: boolean; readonly edge: boolean };
  /** Days until sources move to infrequent access. */
  readonly sourcesInfrequentAfter: number;
  /** Replicas are stored in infrequent access. */
  readonly copyInfrequent: boolean;
  /** Buckets are encrypted with a customer managed key. */
  readonly customerKey: boolean;
  /** Retention of CloudFront's access logs in days; 0 if there are none. */
  readonly accessLogDays: number;
  /** AWS Backup of buckets: what it holds, in how many vaults. One more than one is in another region. */
  readonly backups: { readonly vaults: number; readonly sources: boolean; readonly streams: boolean };
  readonly database: { readonly storageGiB: number; readonly copies: number };
}

/** The cost properties of a stack. Throws if it has no processor, media function or database. */
export function designOf(stack: Stack): Design {
  const task = taskOf(stack);
  const fn = stack.attributes("aws_lambda_function", "media");
  const [database] = stack.attributesOf("aws_db_instance").map(([, instance]) => instance);
  if (task === undefined || fn === undefined || database === undefined) {
    throw new Error(`${stack.name} must have a processor, a function "media" and a database to serve videos`);
  }
  const some = (type: string, has: (value: Value) => boolean): boolean =>
    stack.attributesOf(type).some(([, attributes]) => has(new Value(attributes)));
  return {
    name: stack.name,
    idle: idleCost(stack),
    task,
    extras: { downloads: isOn(stack, "DOWNLOADS"), av1: isOn(stack, "AV1") },
    nat:
      !task.open &&
      !some("aws_vpc_endpoint", (endpoint) => endpoint.at("vpc_endpoint_type").text === "Gateway"),
    function: {
      memoryMiB: Number(fn.memory_size),
      arm: new Value(fn).at("architectures").texts.includes("arm64"),
    },
    logLines: 1 + (some("aws_api_gateway_stage", (stage) => stage.at("access_log_settings").exists) ? 1 : 0),
    traced: Math.max(
      0,
      ...stack.attributesOf("aws_xray_sampling_rule").map(([, rule]) => Number(rule.fixed_rate)),
    ),
    inspected: {
      api: some("aws_wafv2_web_acl", (acl) => acl.at("scope").text === "REGIONAL"),
      edge: some("aws_wafv2_web_acl", (acl) => acl.at("scope").text === "CLOUDFRONT"),
    },
    sourcesInfrequentAfter: lifecycleDays(stack, "storage_uploads_lifecycle", "transition") ?? Infinity,
    copyInfrequent: some(
      "aws_s3_bucket_replication_configuration",
      (copy) => copy.at("rule.destination.storage_class").text === "STANDARD_IA",
    ),
    customerKey: stack.json.at("data.aws_kms_alias").exists,
    accessLogDays: some("aws_cloudwatch_log_delivery", () => true)
      ? (lifecycleDays(stack, "storage_logs_lifecycle", "expiration") ?? Infinity)
      : 0,
    backups: {
      vaults: stack.attributesOf("aws_backup_vault").length,
      sources: isBackedUp(stack, "uploads"),
      streams: isBackedUp(stack, "streams"),
    },
    database: {
      storageGiB: Number(database.allocated_storage),
      copies: database.multi_az === true ? 2 : 1,
    },
  };
}

/** Whether a variable of the processor is `on`. */
function isOn(stack: Stack, variable: string): boolean {
  return stack
    .attributesOf("aws_ecs_task_definition")
    .some(([, task]) =>
      new RegExp(`"name" = "${variable}", "value" = "on"`).test(String(task.container_definitions)),
    );
}

/** Whether a backup plan of AWS Backup selects the bucket, such as `streams`. */
function isBackedUp(stack: Stack, bucket: string): boolean {
  return stack
    .of("aws_backup_selection")
    .flatMap((selection) => selection.at("resources").texts)
    .some((arn) => arn.startsWith("arn:aws:s3:::") && arn.includes(`-${bucket}-`));
}

/** Days until a lifecycle rule acts on objects; undefined without such a rule. */
function lifecycleDays(
  stack: Stack,
  lifecycle: string,
  action: "transition" | "expiration",
): number | undefined {
  const found = new Value(stack.attributes("aws_s3_bucket_lifecycle_configuration", lifecycle));
  const days = found.at(`rule.${action}.days`).number;
  return Number.isNaN(days) ? undefined : days;
}

/**
 * The first design exactly as drawn. Its tasks and function are in private subnets with NAT gateways and no S3
 * endpoint; the function has AWS CDK's default of 128 MB; nothing is traced; its web ACL is not associated. CloudFront
 * and the bucket, which it draws but does not create, are assumed to be like ours, and its `aws s3 sync` copy to be in
 * S3 Standard.
 */
export const FIRST_DESIGN: Design = {
  name: "first design",
  idle: firstDesign(),
  task: FIRST_TASK,
  extras: { downloads: false, av1: false },
  nat: true,
  function: { memoryMiB: 128, arm: false },
  logLines: 0,
  traced: 0,
  inspected: { api: false, edge: false },
  sourcesInfrequentAfter: Infinity,
  copyInfrequent: false,
  customerKey: false,
  accessLogDays: 0,
  backups: { vaults: 0, sources: false, streams: false },
  database: { storageGiB: 100, copies: 1 },
};
