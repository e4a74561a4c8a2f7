import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import { Bucket } from "../data/bucket";
import type { StateAuditSettings } from "./settings";

export interface StateAuditProps extends StateAuditSettings {
  readonly account: string;
  readonly region: string;
  /** Name of the state bucket. */
  readonly stateBucket: string;
  readonly protect: boolean;
}

/** Name of the bucket that records who used the state bucket. */
export const auditBucketName = (stateBucket: string): string => `${stateBucket}-audit`;

/**
 * Records of every use of the state bucket, in a bucket that no role of the pipeline can use: S3's access logs, and
 * CloudTrail's data events, which name the caller's session and are signed.
 */
export class StateAudit extends Construct {
  /** Receives the access logs. */
  readonly records: Bucket;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: StateAuditProps,
  ) {
    super(scope, id);
    const { account, stateBucket, retentionDays, protect } = props;
    this.records = new Bucket(this, "records", {
      name: auditBucketName(stateBucket),
      account,
      protect,
      lifecycle: { expirationDays: retentionDays, noncurrentDays: 1 },
      // S3 delivers no access logs to a bucket with another key.
      onlyS3Key: true,
    });
    this.records.allow({
      Sid: "AccessLogs",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${this.records.arn}/s3/*`,
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    });
  }

  /** Records data events of the state bucket, if the settings ask for them. */
  watch(state: Bucket): void {
    const { account, region, dataEvents } = this.props;
    if (!dataEvents) return;
    const name = physicalName(this, "trail");
    this.acceptTrail(`arn:aws:cloudtrail:${region}:${account}:trail/${name}`);
    new Cloudtrail(this, "trail", {
      name,
      s3BucketName: this.records.name,
      enableLogFileValidation: true,
      includeGlobalServiceEvents: false,
      eventSelector: [
        {
          readWriteType: "All",
          includeManagementEvents: false,
          dataResource: [{ type: "AWS::S3::Object", values: [`${state.arn}/`] }],
        },
      ],
      // CloudTrail checks at creation that it can write there.
      dependsOn: [this.records.policy],
    });
  }

  /** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html */
  private acceptTrail(trailArn: string): void {
    const { arn } = this.records;
    const Principal = { Service: "cloudtrail.amazonaws.com" };
    this.records.allow({
      Sid: "TrailReadsAcl",
      Principal,
      Action: "s3:GetBucketAcl",
      Resource: arn,
      Condition: { StringEquals: { "aws:SourceArn": trailArn } },
    });
    this.records.allow({
      Sid: "TrailWrites",
      Principal,
      Action: "s3:PutObject",
      Resource: `${arn}/AWSLogs/${this.props.account}/*`,
      Condition: {
        StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" },
      },
    });
  }
}
