import { Value } from "../../../packages/terraform/value";
import type { Attributes, Stack } from "../../../packages/terraform/synthesized-stack";
import { plain, plainJson } from "../../../cli/grafana/resolve-references";
import { EMITTED } from "./emitted";
import type { Shown } from "../../../cli/grafana/dashboard-body";

/** Dimensions that a deployed resource reports to a namespace. */
export interface Emitter {
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Everything in a stack that reports metrics in a region, by its resources. */
export function emittersOf(stack: Stack, region: string): Emitter[] {
  const of = (type: string, reports: (resource: Attributes, address: string) => Emitter[]): Emitter[] =>
    stack
      .attributesOf(type)
      .flatMap(([name, raw]) => reports(plain(stack, raw) as Attributes, `${type}.${name}`));
  const one = (namespace: string, dimensions: Readonly<Record<string, unknown>>): Emitter => ({
    namespace,
    dimensions: Object.fromEntries(Object.entries(dimensions).map(([key, value]) => [key, String(value)])),
  });
  const apis = new Map(stack.attributesOf("aws_api_gateway_rest_api").map(([name, api]) => [name, api.name]));
  const balancers = stack.attributesOf("aws_lb").map(([name]) => `aws_lb.${name}.arn_suffix`);
  return [
    ...of("aws_api_gateway_stage", ({ stage_name, rest_api_id }) => {
      const [, api = ""] = String(rest_api_id).split(".");
      return [one("AWS/ApiGateway", { ApiName: apis.get(api), Stage: stage_name })];
    }),
    ...balancers.map((LoadBalancer) => one("AWS/ApplicationELB", { LoadBalancer })),
    ...of("aws_lb_target_group", (_, address) =>
      balancers.map((LoadBalancer) =>
        one("AWS/ApplicationELB", { LoadBalancer, TargetGroup: `${address}.arn_suffix` }),
      ),
    ),
    ...of("aws_backup_vault", ({ name }) => [one("AWS/Backup", { BackupVaultName: name })]),
    ...of("aws_acm_certificate_validation", (_, address) => [
      one("AWS/CertificateManager", { CertificateArn: `${address}.certificate_arn` }),
    ]),
    ...of("aws_acm_certificate", (_, address) => [
      one("AWS/CertificateManager", { CertificateArn: `${address}.arn` }),
    ]),
    ...of("aws_cloudfront_distribution", (_, address) => [
      one("AWS/CloudFront", { DistributionId: `${address}.id`, Region: "Global" }),
    ]),
    ...of("aws_ecs_service", ({ name, cluster }) => {
      const [, clusterName = ""] = String(cluster).split(".");
      const found = stack.attributesOf("aws_ecs_cluster").find(([id]) => id === clusterName)?.[1];
      return [one("AWS/ECS", { ClusterName: found?.name, ServiceName: name })];
    }),
    ...of("aws_elasticache_replication_group", (group) =>
      Array.from({ length: Number(group.num_cache_clusters) }, (_, index) => {
        const CacheClusterId = `${group.replication_group_id as string}-00${index + 1}`;
        return [
          one("AWS/ElastiCache", { CacheClusterId }),
          one("AWS/ElastiCache", { CacheClusterId, CacheNodeId: "0001" }),
        ];
      }).flat(),
    ),
    ...of("aws_lambda_function", ({ function_name: FunctionName }) => [one("AWS/Lambda", { FunctionName })]),
    ...of("aws_db_instance", ({ identifier }) => [one("AWS/RDS", { DBInstanceIdentifier: identifier })]),
    ...of("aws_sqs_queue", ({ name: QueueName }) => [one("AWS/SQS", { QueueName })]),
    ...of("aws_wafv2_web_acl", ({ scope, visibility_config: shown }) => [
      one("AWS/WAFV2", {
        ...(scope === "CLOUDFRONT" ? {} : { Region: region }),
        Rule: "ALL",
        WebACL: new Value(shown).at("metric_name").text,
      }),
    ]),
    // This project's code reports by the name in its environment.
    ...of("aws_ecs_task_definition", ({ container_definitions: text }) =>
      new Value(plainJson(stack, text)).list
        .flatMap((container) => container.at("environment").list)
        .filter((variable) => variable.at("name").text === "ENVIRONMENT")
        .map((variable) => one("StreamFlow", { Environment: variable.at("value").text })),
    ),
  ];
}

/** Registry of all sources of metrics. */
const LIST = "__tests__/support/metrics/emitted.ts";

/** Why a metric does not exist: nothing emits it, or not with these dimensions; undefined if it exists. */
export function metricFault(
  emitters: readonly Emitter[],
  { namespace, name, dimensions }: Shown,
): string | undefined {
  const known = EMITTED[namespace];
  if (known === undefined)
    return `no namespace ${namespace} is known: add it to ${LIST}, with the page of AWS that describes it`;
  if (!(name in known.metrics))
    return `${namespace} has no metric ${name}: add it to ${LIST} if AWS documents it`;
  const names = Object.keys(dimensions).sort().join();
  if (!known.dimensions.some((set) => [...set].sort().join() === names)) {
    return `${namespace} keeps ${name} by no dimensions ${names}`;
  }
  const emitted = emitters.some((one) => one.namespace === namespace && same(one.dimensions, dimensions));
  return emitted ? undefined : `nothing that is deployed emits ${name} by ${JSON.stringify(dimensions)}`;
}

function same(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return (
    Object.keys(a).length === Object.keys(b).length &&
    Object.entries(a).every(([key, value]) => b[key] === value)
  );
}
