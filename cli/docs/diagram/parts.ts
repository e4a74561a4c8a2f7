import { decode } from "@packages/terraform/expression";
import { Value } from "@packages/terraform/value";
import { type Attributes, referencedName, type Stack } from "@packages/terraform/synthesized-stack";

/** Kind of a box; each has its own colour. */
export type Role = "outside" | "edge" | "compute" | "data" | "queue" | "users";

/** A box: a resource that receives requests, stores data or runs code. */
export interface Part {
  /** Address of its main resource, or `viewer`. */
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly role: Role;
  /** The resource is in subnets of the VPC. */
  readonly inVpc: boolean;
  /** Physical names in ARNs of policies and integrations that contain no Terraform reference. */
  readonly names: readonly string[];
}

type Describe = (attributes: Attributes, name: string, stack: Stack) => Omit<Part, "id">;

const text = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

type Box = Omit<Part, "id" | "inVpc" | "names"> & Partial<Pick<Part, "inVpc" | "names">>;

const part = ({ inVpc = false, names = [], ...box }: Box): Omit<Part, "id"> => ({ ...box, inVpc, names });

/** Resource types that are boxes. All others are properties of a box or not drawn. */
const BOXES: Readonly<Record<string, Describe>> = {
  aws_cloudfront_distribution: ({ origin }) =>
    part({
      title: "CloudFront",
      detail: `${(origin as unknown[]).length} origins, TLS, cache`,
      role: "edge",
    }),
  aws_amplify_app: () => part({ title: "Amplify Hosting", detail: "the console", role: "compute" }),
  aws_cognito_user_pool: ({ name: called }) => {
    const users = text(called).endsWith("-synthetic-check") ? "the synthetic check" : "creators";
    return part({ title: "Cognito", detail: `user pool of ${users}`, role: "users" });
  },
  aws_api_gateway_rest_api: (_, name, stack) => {
    const methods = stack
      .attributesOf("aws_api_gateway_method")
      .filter(([, method]) => referencedName(method.rest_api_id) === name);
    const signed = methods.filter(([, { authorization }]) => authorization !== "NONE").length;
    const detail = `${methods.length} methods, ${signed} with token`;
    return part({ title: "API Gateway", detail, role: "edge" });
  },
  aws_lambda_function: ({ function_name: called, runtime, memory_size: memory, vpc_config: network }) =>
    part({
      title: `Lambda ${short(called, 2)}`,
      detail: `${text(runtime).replace(/nodejs(\d+)\.x/, "Node.js $1")}, ${text(memory)} MB`,
      role: "compute",
      inVpc: network !== undefined,
      names: [text(called)],
    }),
  aws_lb: () => part({ title: "Load balancer", detail: "from CloudFront only", role: "edge", inVpc: true }),
  aws_ecs_service: ({ name: called, task_definition: definition }, _, stack) => {
    const task = stack.attributes("aws_ecs_task_definition", referencedName(definition) ?? "");
    const [scaling] = stack.attributesOf("aws_appautoscaling_target").map(([, target]) => target);
    const tasks = scaling ? `${text(scaling.min_capacity)} to ${text(scaling.max_capacity)} tasks, ` : "";
    const detail = `${tasks}${Number(task?.cpu) / 1024} vCPU`;
    return part({ title: `Fargate ${short(called, 2)}`, detail, role: "compute", inVpc: true });
  },
  aws_s3_bucket: ({ bucket }) =>
    part({
      title: `S3 ${short(bucket, 2)}`,
      detail: "versions, encrypted",
      role: "data",
      names: [text(bucket)],
    }),
  aws_sqs_queue: ({ name: called, redrive_policy: redrive }) =>
    part({
      title: redrive === undefined ? "SQS dead letters" : `SQS ${short(called, 2)}`,
      detail: redrive === undefined ? "failed messages, for redrive" : messagesOf(text(called)),
      role: "queue",
      names: [text(called)],
    }),
  aws_db_instance: ({ engine_version: version, instance_class: size, multi_az: standby }) =>
    part({
      title: `RDS PostgreSQL ${text(version)}`,
      detail: `${text(size)}${standby === true ? ", two zones" : ""}`,
      role: "data",
      inVpc: true,
    }),
  aws_elasticache_replication_group: ({ engine, num_cache_clusters: nodes, node_type: size }) =>
    part({
      title: `ElastiCache ${text(engine) === "redis" ? "Redis" : "Valkey"}`,
      detail: `${text(nodes)} × ${text(size)}`,
      role: "data",
      inVpc: true,
    }),
};

const messagesOf = (queue: string): string =>
  `one message per ${queue.endsWith("-invalidations-queue") ? "deleted video" : "upload"}`;

/** A physical name without prefix and account: `media-queue` for `streamflow-prod-media-queue`. */
function short(name: unknown, prefix: number): string {
  return text(name)
    .split("-")
    .slice(prefix)
    .join(" ")
    .replace(/ (?:\d+|function)$/, "");
}

/** Buckets of replicas and logs; the footer describes them. */
const SECONDARY_BUCKET_NAME = /_(backup|logs)$/;

export const VIEWER: Part = {
  id: "viewer",
  ...part({ title: "Browsers", detail: "viewers and creators", role: "outside" }),
};

/** Boxes of a stack, in the order of the types above. */
export function partsOf(stack: Stack): Part[] {
  const boxes = Object.entries(BOXES).flatMap(([type, describe]) =>
    stack
      .attributesOf(type)
      .filter(([name]) => !(type === "aws_s3_bucket" && SECONDARY_BUCKET_NAME.test(name)))
      .map(([name, attributes]) => ({ id: `${type}.${name}`, ...describe(attributes, name, stack) })),
  );
  return [VIEWER, ...boxes];
}

/** Boxes that a value refers to, by Terraform reference or by name in an ARN. */
export function meant(parts: readonly Part[], value: unknown): Part[] {
  const all = JSON.stringify(value) ?? "";
  return parts.filter(
    ({ id, names }) =>
      new RegExp(`\\b${id.replaceAll(".", "\\.")}\\b(?!_)`).test(all) ||
      names.some((name) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(all)),
  );
}

/** A value with its JSON strings parsed. */
export function read(value: unknown): unknown {
  return typeof value === "string" ? (decode(value) ?? value) : value;
}

/** A block as a list: one block is synthesized as an object. */
export const blocks = (value: unknown): Attributes[] =>
  new Value(value).list.map(({ raw }) => raw as Attributes);
