import { createHash } from "node:crypto";
import type { Attributes } from "./synth";

/** Prefixes of ids that AWS generates, by type. */
const IDS: Readonly<Record<string, string>> = {
  aws_eip: "eipalloc",
  aws_internet_gateway: "igw",
  aws_nat_gateway: "nat",
  aws_route_table: "rtb",
  aws_security_group: "sg",
  aws_default_security_group: "sg",
  aws_subnet: "subnet",
  aws_vpc: "vpc",
  aws_vpc_endpoint: "vpce",
  aws_vpc_security_group_egress_rule: "sgr",
  aws_vpc_security_group_ingress_rule: "sgr",
};

/** What precedes the name in an ARN that is not `service:region:account:type/name`. */
const ARNS: Readonly<Record<string, string>> = {
  aws_cloudfront_distribution: "cloudfront::ACCOUNT:distribution/",
  aws_cloudwatch_log_group: "logs:us-east-1:ACCOUNT:log-group:",
  aws_db_instance: "rds:us-east-1:ACCOUNT:db:",
  aws_ecs_cluster: "ecs:us-east-1:ACCOUNT:cluster/",
  aws_iam_role: "iam::ACCOUNT:role/",
  aws_lambda_alias: "lambda:us-east-1:ACCOUNT:function:",
  aws_lambda_function: "lambda:us-east-1:ACCOUNT:function:",
  aws_lb: "elasticloadbalancing:us-east-1:ACCOUNT:loadbalancer/app/",
  aws_lb_target_group: "elasticloadbalancing:us-east-1:ACCOUNT:targetgroup/",
  aws_s3_bucket: "s3:::",
  aws_sns_topic: "sns:us-east-1:ACCOUNT:",
  aws_sqs_queue: "sqs:us-east-1:ACCOUNT:",
};

/** Attributes that AWS derives from others, and that the provider checks against a list. */
const DERIVED: Readonly<Record<string, string>> = {
  "aws_cloudwatch_log_delivery_destination.delivery_destination_type": "S3",
};

/** A resource with attributes that only AWS knows. */
export interface Unnamed {
  readonly type: string;
  /** Name in the address. */
  readonly name: string;
  /** Planned attributes. */
  readonly planned: Attributes;
  readonly account: string;
}

/** A value in the form that AWS gives an attribute: unique ids and ARNs for each resource, the same in every run. */
export function awsText({ type, name, planned, account }: Unnamed, path: readonly string[]): string {
  const attribute = path.at(-1) ?? "";
  const unique = createHash("sha256")
    .update(`${type}.${name}.${path.join(".")}`)
    .digest("hex");
  const own = (planned.bucket ??
    planned.function_name ??
    planned.identifier ??
    planned.name ??
    name) as string;
  const arn = ARNS[type] ?? `${type.split("_")[1]}:us-east-1:ACCOUNT:${type.split("_").slice(2).join("-")}/`;
  const whole = `arn:aws:${arn.replace("ACCOUNT", account)}${own}`;
  const derived = DERIVED[`${type}.${attribute}`];
  if (derived !== undefined) return derived;
  if (attribute === "invoke_arn") {
    return `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${whole}/invocations`;
  }
  if (attribute === "secret_arn") return `arn:aws:secretsmanager:us-east-1:${account}:secret:${own}-Ab12Cd`;
  if (/(^|_)arn$/.test(attribute)) return whole;
  if (attribute === "id" || attribute === "url") {
    if (type === "aws_sqs_queue") return `https://sqs.us-east-1.amazonaws.com/${account}/${own}`;
    if (type === "aws_s3_bucket" || type === "aws_iam_role") return own;
    return `${IDS[type] ?? type.slice(4).replaceAll("_", "-")}-${unique.slice(0, 17)}`;
  }
  if (/(^|_)(url|uri)$/.test(attribute)) return `https://${unique.slice(0, 10)}.amazonaws.com/${name}`;
  if (attribute === "version" || attribute.endsWith("_version")) return "1";
  if (/(address|domain|endpoint|host|dns_name)$/.test(attribute))
    return `${own}.${unique.slice(0, 10)}.amazonaws.com`;
  return `${attribute}-${unique.slice(0, 17)}`;
}
