import { defineRule } from "../rule";

const DOCS = "https://docs.aws.amazon.com";

/** The longest name that AWS accepts, in characters, by type and attribute; and the page that states it. */
const NAME_LIMITS: Readonly<Record<string, readonly [maxLength: number, page: string]>> = {
  "aws_backup_vault.name": [50, "aws-backup/latest/devguide/API_CreateBackupVault.html"],
  "aws_cloudfront_origin_access_control.name": [
    64,
    "cloudfront/latest/APIReference/API_OriginAccessControlConfig.html",
  ],
  "aws_cloudwatch_log_group.name": [512, "AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"],
  "aws_cloudwatch_metric_alarm.alarm_name": [
    255,
    "AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
  ],
  "aws_db_instance.identifier": [63, "AmazonRDS/latest/APIReference/API_CreateDBInstance.html"],
  "aws_ecr_repository.name": [256, "AmazonECR/latest/APIReference/API_CreateRepository.html"],
  "aws_ecs_cluster.name": [255, "AmazonECS/latest/APIReference/API_CreateCluster.html"],
  "aws_elasticache_replication_group.replication_group_id": [
    40,
    "AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
  ],
  "aws_elasticache_user.user_id": [40, "AmazonElastiCache/latest/APIReference/API_CreateUser.html"],
  "aws_elasticache_user_group.user_group_id": [
    40,
    "AmazonElastiCache/latest/APIReference/API_CreateUserGroup.html",
  ],
  "aws_iam_policy.name": [128, "IAM/latest/APIReference/API_CreatePolicy.html"],
  "aws_iam_role.name": [64, "IAM/latest/APIReference/API_CreateRole.html"],
  // Terraform appends 26 characters.
  "aws_iam_role.name_prefix": [38, "IAM/latest/APIReference/API_CreateRole.html"],
  "aws_lambda_function.function_name": [64, "lambda/latest/api/API_CreateFunction.html"],
  "aws_lb.name": [32, "elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"],
  "aws_lb_target_group.name": [32, "elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"],
  "aws_s3_bucket.bucket": [63, "AmazonS3/latest/userguide/bucketnamingrules.html"],
  "aws_security_group.name": [255, "AWSEC2/latest/APIReference/API_CreateSecurityGroup.html"],
  "aws_sns_topic.name": [256, "sns/latest/api/API_CreateTopic.html"],
  "aws_sqs_queue.name": [80, "AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html"],
  "aws_wafv2_web_acl.name": [128, "waf/latest/APIReference/API_CreateWebACL.html"],
  "aws_xray_group.group_name": [32, "xray/latest/api/API_CreateGroup.html"],
  "aws_xray_sampling_rule.rule_name": [32, "xray/latest/api/API_SamplingRule.html"],
};

export const physicalNameFitsLimit = defineRule({
  id: "physical-name-fits-limit",
  sentence: "A physical name is no longer than AWS accepts.",
  source: `${DOCS}/IAM/latest/UserGuide/reference_iam-quotas.html`,
  settings: ["name"],
  find: (stack) =>
    Object.entries(NAME_LIMITS).flatMap(([key, [maxLength, page]]) => {
      const [type = "", attribute = ""] = key.split(".");
      return stack.of(type).flatMap((resource) => {
        const name = resource.at(attribute).text;
        if (name.includes("${") || name.length <= maxLength) return [];
        return [
          {
            address: resource.address,
            path: resource.path,
            finding: `${attribute} ${name} has ${name.length} characters; AWS accepts ${maxLength}`,
            remedy: "set a shorter name for a new environment, or shorten the id of the construct",
            source: `${DOCS}/${page}`,
          },
        ];
      });
    }),
});
