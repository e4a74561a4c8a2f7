/** Actions of the apply role with the reason why no recording contains them. */
export interface UnrecordedActions {
  readonly reason: string;
  readonly actions: readonly string[];
}

/**
 * The only actions of the apply role that no deployment was recorded to use. A test fails if an entry is recorded, is no
 * longer granted, or if another action is neither recorded nor listed. Sources: what the provider calls for the resource
 * types of the stacks (https://github.com/JamesWoolfenden/pike), the permissions in CloudFormation's resource schemas
 * (https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html), and AWS's service guides.
 */
export const UNRECORDED_ACTIONS: readonly UnrecordedActions[] = [
  {
    reason: "Push of the processor's image, on the environment's repository only. Terraform does not do it.",
    actions: [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:DescribeImages",
      "ecr:GetAuthorizationToken",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ],
  },
  {
    reason: "Removal of a tag. All tags of the stacks stay; only their values change.",
    actions: [
      "acm:RemoveTagsFromCertificate",
      "amplify:UntagResource",
      "application-autoscaling:UntagResource",
      "backup:UntagResource",
      "budgets:UntagResource",
      "cloudfront:UntagResource",
      "cloudwatch:UntagResource",
      "cognito-idp:UntagResource",
      "ec2:DeleteTags",
      "ecs:UntagResource",
      "elasticache:RemoveTagsFromResource",
      "elasticloadbalancing:RemoveTags",
      "events:UntagResource",
      "grafana:UntagResource",
      "iam:UntagRole",
      "kms:UntagResource",
      "lambda:UntagResource",
      "logs:UntagResource",
      "rds:RemoveTagsFromResource",
      "secretsmanager:UntagResource",
      "sns:UntagResource",
      "sqs:UntagQueue",
      "wafv2:UntagResource",
      "xray:UntagResource",
    ],
  },
  {
    reason: "Change in place of an attribute that no recorded change of settings affects.",
    actions: [
      "amplify:UpdateApp",
      "cloudfront:UpdateCachePolicy",
      "cloudfront:UpdateOriginAccessControl",
      "cloudfront:UpdateOriginRequestPolicy",
      "cloudfront:UpdatePublicKey",
      "cloudfront:UpdateResponseHeadersPolicy",
      "cognito-idp:UpdateUserPool",
      "cognito-idp:UpdateUserPoolClient",
      "ec2:ModifySubnetAttribute",
      "ec2:ModifyVpcEndpoint",
      "ec2:ReplaceRouteTableAssociation",
      "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
      "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
      "ecs:UpdateClusterSettings",
      "elasticache:ModifyCacheSubnetGroup",
      "elasticache:ModifyReplicationGroupShardConfiguration",
      "elasticache:ResetCacheParameterGroup",
      "elasticloadbalancing:ModifyListenerAttributes",
      "elasticloadbalancing:ModifyTargetGroup",
      "elasticloadbalancing:SetSecurityGroups",
      "elasticloadbalancing:SetSubnets",
      "grafana:UpdateWorkspace",
      "grafana:UpdateWorkspaceConfiguration",
      "iam:UpdateAssumeRolePolicy",
      "iam:UpdateRole",
      "kms:DisableKeyRotation",
      "kms:UpdateKeyDescription",
      "lambda:PutFunctionConcurrency",
      "lambda:UpdateEventSourceMapping",
      "lambda:UpdateFunctionCode",
      "logs:PutDeliveryDestinationPolicy",
      "logs:UpdateDeliveryConfiguration",
      "rds:ModifyDBSubnetGroup",
      "rds:RebootDBInstance",
      "rds:ResetDBParameterGroup",
      "secretsmanager:UpdateSecret",
      "sns:SetSubscriptionAttributes",
      "xray:UpdateGroup",
    ],
  },
  {
    reason:
      "New value of iam:PermissionsBoundary on a role that exists. Only the environment's own boundary is allowed.",
    actions: ["iam:PutRolePermissionsBoundary"],
  },
  {
    reason:
      "Deletion of what a backup vault holds, before the vault. Where data is protected, the boundary denies it.",
    actions: ["backup:DeleteRecoveryPoint"],
  },
  {
    reason: "Reads of the provider while it waits for a resource, and after a failure.",
    actions: [
      "acm:GetCertificate",
      "amplify:ListTagsForResource",
      "application-autoscaling:DescribeScheduledActions",
      "cloudfront:GetDistributionConfig",
      "cognito-idp:ListTagsForResource",
      "ec2:DescribeAccountAttributes",
      "ec2:DescribeAvailabilityZones",
      "ecs:DescribeCapacityProviders",
      "elasticloadbalancing:DescribeTargetHealth",
      "grafana:ListTagsForResource",
      "logs:DescribeDeliveries",
      "logs:DescribeDeliveryDestinations",
      "logs:DescribeDeliverySources",
      "logs:GetDeliveryDestinationPolicy",
      "rds:DescribeDBEngineVersions",
      "rds:DescribeDBInstanceAutomatedBackups",
      "sqs:GetQueueUrl",
    ],
  },
  {
    reason: "A step of `npm run deploy` after Terraform: the console's files and page.",
    actions: ["amplify:CreateDeployment", "amplify:GetJob", "amplify:StartDeployment"],
  },
  {
    reason: "The setting `app.domain`: a host name of the console's own.",
    actions: [
      "amplify:CreateDomainAssociation",
      "amplify:DeleteDomainAssociation",
      "amplify:GetDomainAssociation",
      "amplify:UpdateDomainAssociation",
    ],
  },
  {
    reason:
      "The setting `grafana`: registration of the workspace as an application of IAM Identity Center, by Grafana; no " +
      "recording contains it. https://docs.aws.amazon.com/grafana/latest/userguide/AMG-manage-permissions.html",
    actions: [
      "organizations:DescribeOrganization",
      "sso-directory:DescribeGroup",
      "sso-directory:DescribeUser",
      "sso:AssociateProfile",
      "sso:CreateManagedApplicationInstance",
      "sso:DeleteManagedApplicationInstance",
      "sso:DescribeRegisteredRegions",
      "sso:DisassociateProfile",
      "sso:GetApplicationInstance",
      "sso:GetManagedApplicationInstance",
      "sso:GetProfile",
      "sso:GetSharedSsoConfiguration",
      "sso:ListApplicationInstances",
      "sso:ListDirectoryAssociations",
      "sso:ListInstances",
      "sso:ListProfileAssociations",
      "sso:ListProfiles",
    ],
  },
  {
    reason:
      'The key of backups that are copied to another region with `encryption: "aws-owned"`; no recorded environment ' +
      "has both.",
    actions: [
      "kms:CreateKey",
      "kms:EnableKeyRotation",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListResourceTags",
      "kms:ScheduleKeyDeletion",
      "kms:TagResource",
    ],
  },
  {
    reason: "Another key of log groups, after a change of `encryption`.",
    actions: ["logs:AssociateKmsKey", "logs:DisassociateKmsKey"],
  },
  {
    reason: "Changes of the users of the cache and of their group.",
    actions: ["elasticache:ModifyUser", "elasticache:ModifyUserGroup"],
  },
];
