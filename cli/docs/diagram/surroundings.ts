import { Value } from "@packages/terraform/value";
import type { Stack } from "@packages/terraform/synthesized-stack";
import { many } from "../format";
import { type Badge, notifyingAlarms } from "./badges";
import { blocks } from "./parts";

/** A supporting service: its badge and a one-line description. */
export interface Around {
  readonly badge: Badge;
  readonly text: string;
}

/** The stack's firewall, alarms, traces, backups and replication. */
export function aroundOf(stack: Stack): Around[] {
  const count = (type: string): number => stack.attributesOf(type).length;
  return [firewall(stack), alarms(stack), traces(count), backups(stack), copies(stack)].flat();
}

function firewall(stack: Stack): Around[] {
  const lists = stack.attributesOf("aws_wafv2_web_acl");
  const rules = stack.of("aws_wafv2_web_acl").reduce((sum, acl) => sum + acl.at("rule").list.length, 0);
  if (lists.length === 0) return [];
  return [
    {
      badge: { service: "waf", text: "WAF" },
      text: `${many(lists.length, "web ACL")} with ${many(rules, "rule")}`,
    },
  ];
}

function alarms(stack: Stack): Around[] {
  const boards = stack.attributesOf("aws_cloudwatch_dashboard").length;
  const subscribers = stack
    .attributesOf("aws_sns_topic_subscription")
    .map(([, { endpoint }]) => String(endpoint));
  const text = [
    `CloudWatch: ${many(boards, "dashboard")}, ${many(notifyingAlarms(stack).length, "alarm")}`,
    ...(subscribers.length > 0 ? [`notifications by SNS to ${subscribers.join(", ")}`] : []),
    ...(stack.attributesOf("aws_grafana_workspace").length > 0
      ? ["Managed Grafana shows metrics and X-Ray traces"]
      : []),
  ].join("; ");
  return [{ badge: { service: "alarms", text: "alarms" }, text }];
}

function traces(count: (type: string) => number): Around[] {
  if (count("aws_xray_group") === 0) return [];
  const text = `traces of requests and of ProcessVideo; ${many(count("aws_xray_sampling_rule"), "sampling rule")}`;
  return [{ badge: { service: "xray", text: "X-Ray" }, text }];
}

function backups(stack: Stack): Around[] {
  return stack.attributesOf("aws_backup_plan").map(([, plan]): Around => {
    const rules = blocks(plan.rule).map(
      (rule) => `${String(rule.rule_name)} for ${new Value(rule).at("lifecycle.delete_after").text} days`,
    );
    const locked =
      stack.attributesOf("aws_backup_vault_lock_configuration").length > 0 ? ", in a locked vault" : "";
    return { badge: { service: "backup", text: "backup" }, text: `AWS Backup: ${rules.join(", ")}${locked}` };
  });
}

function copies(stack: Stack): Around[] {
  const targets = stack
    .attributesOf("aws_s3_bucket_replication_configuration")
    .flatMap(([, { rule }]) =>
      blocks(rule).map((one) => new Value(one).at("destination.bucket").text.replace("arn:aws:s3:::", "")),
    );
  if (targets.length === 0) return [];
  const text = `objects are replicated to ${[...new Set(targets)].join(", ")}; deletions are not`;
  return [{ badge: { service: "replica", text: "copy" }, text }];
}
