import type { Attributes, Stack } from "@packages/terraform/synthesized-stack";
import { many } from "../format";
import { meant, type Part } from "./parts";

/** Supporting services, shown as badges on the boxes they serve and explained in the footer. */
export const SERVICES = ["waf", "alarms", "xray", "backup", "replica"] as const;
export type Service = (typeof SERVICES)[number];

export interface Badge {
  readonly service: Service;
  readonly text: string;
}

/** Badges by box id. */
export function badgesOf(stack: Stack, parts: readonly Part[]): ReadonlyMap<string, readonly Badge[]> {
  const marks = new Map<string, Badge[]>(parts.map(({ id }) => [id, []]));
  const mark = (ids: readonly string[], badge: Badge): void => {
    for (const id of new Set(ids)) marks.get(id)?.push(badge);
  };
  const ids = (value: unknown): string[] => meant(parts, value).map(({ id }) => id);
  const own = (type: string, holds: RegExp): string[] =>
    stack
      .attributesOf(type)
      .filter(([, attributes]) => holds.test(JSON.stringify(attributes)))
      .map(([name]) => `${type}.${name}`);

  mark(
    [
      ...own("aws_cloudfront_distribution", /"web_acl_id":/),
      ...stack
        .attributesOf("aws_wafv2_web_acl_association")
        .flatMap(([, { resource_arn: arn }]) => ids(followed(stack, arn))),
    ],
    { service: "waf", text: "WAF" },
  );
  mark(
    [
      ...own("aws_lambda_function", /"tracing_config":\{"mode":"Active"/),
      ...stack
        .attributesOf("aws_api_gateway_stage")
        .filter(([, stage]) => stage.xray_tracing_enabled === true)
        .flatMap(([, stage]) => ids(stage.rest_api_id)),
      ...stack
        .attributesOf("aws_ecs_task_definition")
        .filter(([, task]) => String(task.container_definitions).includes("xray-daemon"))
        .flatMap(([name]) => own("aws_ecs_service", new RegExp(`aws_ecs_task_definition\\.${name}\\.`))),
    ],
    { service: "xray", text: "X-Ray" },
  );
  mark(
    stack.attributesOf("aws_backup_selection").flatMap(([, { resources }]) => ids(resources)),
    { service: "backup", text: "backup" },
  );
  mark(
    stack.attributesOf("aws_s3_bucket_replication_configuration").flatMap(([, { bucket }]) => ids(bucket)),
    { service: "replica", text: "copy" },
  );
  for (const { id } of parts) {
    const alarms = notifyingAlarms(stack).filter((alarm) => ids(followed(stack, alarm)).includes(id)).length;
    if (alarms > 0) mark([id], { service: "alarms", text: many(alarms, "alarm") });
  }
  return marks;
}

/** Alarms with actions; the others only feed composite alarms. */
export function notifyingAlarms(stack: Stack): Attributes[] {
  return ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"]
    .flatMap((type) => stack.attributesOf(type).map(([, alarm]) => alarm))
    .filter(({ alarm_actions: actions }) => actions !== undefined);
}

/** A value with its references resolved: a stage to its API, a target group to its load balancer. */
function followed(stack: Stack, value: unknown): unknown {
  const text = JSON.stringify(value);
  const further = [...text.matchAll(/\$\{(aws_api_gateway_stage|aws_ecs_cluster)\.(\w+)\./g)].map(
    ([, type = "", name = ""]) => stack.attributes(type, name)?.rest_api_id,
  );
  return [text, further];
}
