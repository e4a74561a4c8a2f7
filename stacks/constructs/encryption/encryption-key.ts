import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { document } from "../../lib/permissions";
import { optional } from "../../lib/optional";

export interface EncryptionKeyProps {
  readonly account: string;
  readonly environment: string;
  /** Region of the key. */
  readonly region: string;
  /** Provider of that region, if it differs from the stack's. */
  readonly provider?: TerraformProvider | undefined;
  /** Terraform refuses to delete the key. */
  readonly protect: boolean;
}

/** Days between a request to delete the key and its deletion: the most that KMS allows. */
const DELETION_WINDOW_DAYS = 30;

/**
 * A customer managed key of one environment in one region, in the account's foundation: in protected environments the
 * pipeline may neither set a key policy nor delete a key.
 */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const provider = optional({ provider: props.provider });
    const key = new KmsKey(this, "Default", {
      ...provider,
      description: `Encrypts the data of streamflow-${props.environment}`,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      policy: document([administration(props), ...ofAccount(props), ...ofServices(props)]),
      lifecycle: { preventDestroy: props.protect },
    });
    this.arn = key.arn;
    new KmsAlias(this, "alias", {
      ...provider,
      name: encryptionKeyAlias(props.environment),
      targetKeyId: key.keyId,
      lifecycle: { preventDestroy: props.protect },
    });
  }
}

/** Alias of an environment's key, the same in each region. */
export const encryptionKeyAlias = (environment: string): string => `alias/streamflow-${environment}`;

/** What the regions of the keys depend on. */
export interface KeyRegionSettings {
  readonly region: string;
  readonly alarms: object;
  readonly firewall: { readonly edge: true | { readonly off: string } };
  readonly backup:
    { readonly off: string } | { readonly copyTo: { readonly off: string } | { readonly region: string } };
}

/**
 * Regions in which an environment needs a key: its own, us-east-1 for the log group of the edge's web ACL and for the
 * topic of the edge's alarms, and the region of backup copies.
 */
export function keyRegions({ region, alarms, firewall, backup }: KeyRegionSettings): string[] {
  const hasEdgeData = !("off" in alarms) || firewall.edge === true;
  const copyTo = "off" in backup ? undefined : backup.copyTo;
  return [
    ...new Set([
      region,
      ...(hasEdgeData ? ["us-east-1"] : []),
      ...(copyTo === undefined || "off" in copyTo ? [] : [copyTo.region]),
    ]),
  ];
}

type Place = Pick<EncryptionKeyProps, "account" | "environment" | "region">;

/**
 * What administrators may do. Decryption and grants are not among them: even a role with every KMS permission only
 * reaches data through a service.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-administrators
 */
const ADMINISTRATION_ACTIONS = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

/** The account's IAM policies decide who administers the key. Without this statement, nobody could change its policy. */
function administration({ account }: Place): object {
  return {
    Sid: "Administration",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: ADMINISTRATION_ACTIONS,
    Resource: "*",
  };
}

/** Actions by which services use the key for their caller. */
const USE_ACTIONS = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey*",
  "kms:ReEncrypt*",
  "kms:RetireGrant",
];

/** Services that use the key with the permissions of their caller. */
const CALLER_SERVICES = ["backup", "ecr", "elasticache", "logs", "rds", "s3", "secretsmanager", "sns", "sqs"];

/** Services that keep using the key after the call that creates a resource, by a grant. */
const GRANT_SERVICES = ["backup", "ecr", "elasticache", "rds", "secretsmanager"];

/**
 * The account's principals use the key through services, as the policies of AWS managed keys allow. A role's own policy
 * says which buckets, queues and secrets it may use. A second list of KMS actions per role would repeat it, and a
 * missing entry would only fail at run time.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
function ofAccount({ account, region }: Place): object[] {
  const through = (services: readonly string[]) => ({
    "kms:CallerAccount": account,
    "kms:ViaService": services.map((service) => `${service}.${region}.amazonaws.com`),
  });
  return [
    {
      Sid: "AccountThroughServices",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: USE_ACTIONS,
      Resource: "*",
      Condition: { StringEquals: through(CALLER_SERVICES) },
    },
    {
      Sid: "AccountGrantsToServices",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: {
        StringEquals: through(GRANT_SERVICES),
        Bool: { "kms:GrantIsForAWSResource": "true" },
      },
    },
  ];
}

const MESSAGE_ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey*"];

/** AWS services that use the key on their own behalf. */
function ofServices(place: Place): object[] {
  return [...ofPublishers(place), ofEdge(place), ofLogs(place)];
}

/**
 * Services that send messages to the encrypted topic and queue. The topic's own policy limits CloudWatch to alarms of the
 * account; AWS documents no condition for CloudWatch's use of the key, and none works for EventBridge.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 * https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
function ofPublishers({ account, environment }: Place): object[] {
  const allow = (Sid: string, service: string | string[], condition: object) => ({
    Sid,
    Effect: "Allow",
    Principal: { Service: service },
    Action: MESSAGE_ACTIONS,
    Resource: "*",
    ...condition,
  });
  const from = (sourceArn: string) => ({
    Condition: {
      StringEquals: { "aws:SourceAccount": account },
      ArnLike: { "aws:SourceArn": sourceArn },
    },
  });
  return [
    allow("AlarmsAndEvents", ["cloudwatch.amazonaws.com", "events.amazonaws.com"], {}),
    allow("Budgets", "budgets.amazonaws.com", from(`arn:aws:budgets::${account}:*`)),
    allow("BucketEvents", "s3.amazonaws.com", from(`arn:aws:s3:::streamflow-${environment}-*`)),
  ];
}

/**
 * CloudFront reads the buckets. The distribution's id is not known here: its own stack creates it later.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html#oac-permissions-sse-kms
 */
function ofEdge({ account }: Place): object {
  return {
    Sid: "Edge",
    Effect: "Allow",
    Principal: { Service: "cloudfront.amazonaws.com" },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: { ArnLike: { "aws:SourceArn": `arn:aws:cloudfront::${account}:distribution/*` } },
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
function ofLogs({ account, region }: Place): object {
  return {
    Sid: "Logs",
    Effect: "Allow",
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
    Resource: "*",
    Condition: {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${account}:log-group:*` },
    },
  };
}
