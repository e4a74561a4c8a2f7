import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Lazy, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { document, type Permission, tlsOnly } from "../../lib/permissions";
import { deployedId } from "../../lib/deployed-path";
import { bucketName } from "../../lib/names";
import { ownRolesArn } from "../../lib/own-roles";
import { optional } from "../../lib/optional";
import { encryptionKeyArn } from "../encryption/encryption-keys";

/** Lifecycle of objects, in days after creation. */
export interface Lifecycle {
  /** Days until infrequent access, which bills at least 30 days. */
  readonly infrequentAccessDays?: number;
  readonly expirationDays?: number;
  /** Days until overwritten and deleted versions expire. */
  readonly noncurrentDays: number;
}

export interface BucketProps {
  /**
   * Fixed name, if others must know it in advance.
   * @default derived from the construct path
   */
  readonly name?: string;
  readonly account: string;
  readonly protect: boolean;
  readonly lifecycle: Lifecycle;
  /** Bucket for access logs; log buckets have none. */
  readonly accessLogs?: Bucket;
  /**
   * Never encrypted with a customer managed key.
   * @default false
   */
  readonly onlyS3Key?: boolean;
}

/**
 * Settings that can lose, open or copy a bucket's objects. IAM can't see what a lifecycle deletes, so a bucket with
 * protected data denies them to every role of the project once it is complete; people can still change them.
 */
export const SEALED_ACTIONS = [
  "s3:DeleteBucketPolicy",
  "s3:PutBucketPolicy",
  "s3:PutBucketPublicAccessBlock",
  "s3:PutBucketVersioning",
  "s3:PutEncryptionConfiguration",
  "s3:PutLifecycleConfiguration",
  "s3:PutReplicationConfiguration",
];

/** A private bucket: encrypted, versioned, TLS only, without ACLs; unfinished uploads are removed. */
export class Bucket extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly regionalDomainName: string;
  /** For `dependsOn` of resources that need versioning, such as replication. */
  readonly versioning: S3BucketVersioningA;
  /** For `dependsOn` of resources that need the bucket policy. */
  readonly policy: S3BucketPolicy;
  private readonly statements: object[];
  private readonly isSealed: boolean;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const name = props.name ?? bucketName(this, props.account);
    const bucket = new S3Bucket(this, "Default", {
      bucket: name,
      forceDestroy: !props.protect,
      lifecycle: { preventDestroy: props.protect },
    });
    this.name = bucket.id;
    // Known before creation, so that plans show policies.
    this.arn = `arn:aws:s3:::${name}`;
    this.regionalDomainName = bucket.bucketRegionalDomainName;
    this.versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: this.name,
      versioningConfiguration: { status: "Enabled" },
    });
    this.statements = [tlsOnly("s3:*", [this.arn, `${this.arn}/*`])];
    this.isSealed = props.protect;
    if (props.protect) this.statements.push(sealed(this.arn, props.account));
    const encryption = this.encrypt(props.onlyS3Key === true ? undefined : encryptionKeyArn(this));
    this.policy = this.close();
    this.beforeSeal(encryption);
    this.beforeSeal(this.tidy(props.lifecycle));
    if (props.accessLogs !== undefined) {
      new S3BucketLoggingA(this, "logging", {
        bucket: this.name,
        targetBucket: props.accessLogs.name,
        targetPrefix: `s3/${deployedId(this)}/`,
        // S3 checks at creation that it can write there.
        dependsOn: [props.accessLogs.policy],
      });
    }
  }

  /** Adds a statement to the bucket policy, for AWS services. */
  allow(statement: object): void {
    this.statements.push({ Effect: "Allow", ...statement });
  }

  /** Creates a resource with a sealed setting of the bucket before the policy, which denies it afterwards. */
  beforeSeal({ terraformResourceType, friendlyUniqueId }: TerraformResource): void {
    if (!this.isSealed) return;
    const address = `${terraformResourceType}.${friendlyUniqueId}`;
    this.policy.dependsOn = [...(this.policy.dependsOn ?? []), address];
  }

  /** Permission to read objects with a prefix. */
  read(prefix = ""): Permission {
    return { actions: ["s3:GetObject"], resources: [`${this.arn}/${prefix}*`] };
  }

  /** Permission to read all versions with a prefix, and to list, without which S3 does not reveal missing objects. */
  readVersions(prefix: string): Permission[] {
    return [
      { actions: ["s3:GetObject", "s3:GetObjectVersion"], resources: [`${this.arn}/${prefix}*`] },
      {
        actions: ["s3:ListBucket"],
        resources: [this.arn],
        conditions: { StringLike: { "s3:prefix": `${prefix}*` } },
      },
    ];
  }

  /** Permission to write objects with a prefix, also multipart. */
  write(prefix = ""): Permission {
    return { actions: ["s3:PutObject", "s3:AbortMultipartUpload"], resources: [`${this.arn}/${prefix}*`] };
  }

  /** Permission to list the parts of an upload with a prefix. */
  listParts(prefix = ""): Permission {
    return { actions: ["s3:ListMultipartUploadParts"], resources: [`${this.arn}/${prefix}*`] };
  }

  /** Permission to delete objects with a prefix; S3 keeps old versions. */
  remove(prefix = ""): Permission {
    return { actions: ["s3:DeleteObject"], resources: [`${this.arn}/${prefix}*`] };
  }

  /** Permission to list objects with a prefix. */
  list(prefix: string): Permission {
    return {
      actions: ["s3:ListBucket"],
      resources: [this.arn],
      conditions: { StringLike: { "s3:prefix": `${prefix}*` } },
    };
  }

  /** Default encryption. A bucket key makes one request to KMS for many objects. */
  private encrypt(kmsMasterKeyId: string | undefined): S3BucketServerSideEncryptionConfigurationA {
    return new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: this.name,
      rule: [
        kmsMasterKeyId === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
          : {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId },
              bucketKeyEnabled: true,
            },
      ],
    });
  }

  /** Ownership, public access block and policy. */
  private close(): S3BucketPolicy {
    const bucket = this.name;
    new S3BucketOwnershipControls(this, "ownership", {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const block = new S3BucketPublicAccessBlock(this, "public-access-block", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    return new S3BucketPolicy(this, "policy", {
      bucket,
      policy: Lazy.stringValue({ produce: () => document(this.statements) }),
      // S3 rejects concurrent changes of a bucket's access.
      dependsOn: [block],
    });
  }

  private tidy({
    infrequentAccessDays,
    expirationDays,
    noncurrentDays,
  }: Lifecycle): S3BucketLifecycleConfiguration {
    const transition =
      infrequentAccessDays === undefined
        ? undefined
        : [{ days: infrequentAccessDays, storageClass: "STANDARD_IA" }];
    const expiration = expirationDays === undefined ? undefined : [{ days: expirationDays }];
    return new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: this.name,
      rule: [
        {
          id: "tidy",
          status: "Enabled",
          filter: [{ prefix: "" }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
          noncurrentVersionExpiration: [{ noncurrentDays }],
          ...optional({ transition, expiration }),
        },
      ],
      dependsOn: [this.versioning],
    });
  }
}

/** Denies the sealed actions to the pipeline's and the environment's roles. */
function sealed(arn: string, account: string): object {
  return {
    Sid: "SettingsStay",
    Effect: "Deny",
    Principal: "*",
    Action: SEALED_ACTIONS,
    Resource: arn,
    Condition: { ArnLike: { "aws:PrincipalArn": ownRolesArn(account) } },
  };
}
