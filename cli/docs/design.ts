import { Value } from "@packages/terraform/value";
import { firstDesign, idleCost, type Item } from "./cost";
import type { Stack } from "@packages/terraform/synthesized-stack";
import { FIRST_TASK, type Task, taskOf } from "./task";

/** What of a design decides what a video costs in it. */
export interface Design {
  readonly name: string;
  /** What is paid without a video. */
  readonly idle: readonly Item[];
  readonly task: Task;
  /** Whether sources and streams go through NAT gateways between the tasks and S3. */
  readonly nat: boolean;
  readonly function: { readonly memoryMiB: number; readonly arm: boolean };
  /** Lines of logs of each API call, beside Lambda's own. */
  readonly logLines: number;
  /** Share of API calls and videos that are traced. */
  readonly traced: number;
  /** Whether a web ACL looks at the API's requests, and at CloudFront's. */
  readonly inspected: { readonly api: boolean; readonly edge: boolean };
  /** After how many days sources move to infrequent access. */
  readonly sourcesInfrequentAfter: number;
  /** Whether the second copy of everything lies in infrequent access. */
  readonly copyInfrequent: boolean;
  /** Days that CloudFront's access logs are kept; 0 writes none. */
  readonly accessLogDays: number;
  /** AWS Backup of buckets: what it holds, in how many vaults. One more than one is in another region. */
  readonly backups: { readonly vaults: number; readonly sources: boolean; readonly streams: boolean };
  readonly database: { readonly storageGiB: number; readonly copies: number };
}

/** Throws where there is no processor, function or database: without them no video is served. */
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

/** Whether a plan of AWS Backup selects the bucket, such as `streams`. */
function isBackedUp(stack: Stack, bucket: string): boolean {
  return stack
    .of("aws_backup_selection")
    .flatMap((selection) => selection.at("resources").texts)
    .some((arn) => arn.startsWith("arn:aws:s3:::") && arn.includes(`-${bucket}-`));
}

/** After how many days a lifecycle does that with objects; undefined where it never does. */
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
 * The first design word for word. Its tasks and function are in private subnets with NAT gateways and no endpoint of
 * S3; the function has AWS CDK's 128 MB; nothing is traced, and its web ACL is associated with nothing. Of what it draws
 * and never makes, CloudFront and the bucket are taken to be like ours, and its copy by `aws s3 sync` to be what that
 * writes: S3 Standard.
 */
export const FIRST_DESIGN: Design = {
  name: "first design",
  idle: firstDesign(),
  task: FIRST_TASK,
  nat: true,
  function: { memoryMiB: 128, arm: false },
  logLines: 0,
  traced: 0,
  inspected: { api: false, edge: false },
  sourcesInfrequentAfter: Infinity,
  copyInfrequent: false,
  accessLogDays: 0,
  backups: { vaults: 0, sources: false, streams: false },
  database: { storageGiB: 100, copies: 1 },
};
