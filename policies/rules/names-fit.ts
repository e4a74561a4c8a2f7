import type { Rule } from "../rule";

/** The longest name that AWS takes: type, attribute, characters. */
const MAX_NAME_LENGTHS: readonly (readonly [string, string, number])[] = [
  ["aws_backup_vault", "name", 50],
  ["aws_cloudfront_origin_access_control", "name", 64],
  ["aws_cloudwatch_log_group", "name", 512],
  ["aws_cloudwatch_metric_alarm", "alarm_name", 255],
  ["aws_db_instance", "identifier", 63],
  ["aws_ecr_repository", "name", 256],
  ["aws_ecs_cluster", "name", 255],
  ["aws_elasticache_replication_group", "replication_group_id", 40],
  ["aws_iam_policy", "name", 128],
  ["aws_iam_role", "name", 64],
  ["aws_iam_role", "name_prefix", 38],
  ["aws_lambda_function", "function_name", 64],
  ["aws_lb", "name", 32],
  ["aws_lb_target_group", "name", 32],
  ["aws_s3_bucket", "bucket", 63],
  ["aws_security_group", "name", 255],
  ["aws_sns_topic", "name", 256],
  ["aws_sqs_queue", "name", 80],
  ["aws_wafv2_web_acl", "name", 128],
  ["aws_xray_group", "group_name", 32],
  ["aws_xray_sampling_rule", "rule_name", 32],
];

export const namesFit: Rule = (stack) =>
  MAX_NAME_LENGTHS.flatMap(([type, attribute, longest]) =>
    stack.of(type).flatMap((resource) => {
      const name = resource.at(attribute).text;
      return name.includes("${") || name.length <= longest
        ? []
        : [
            {
              address: resource.address,
              path: resource.path,
              finding: `${attribute} ${name} has ${name.length} characters, AWS takes ${longest}`,
              remedy: "shorten the construct's id or the name of the environment",
            },
          ];
    }),
  );
