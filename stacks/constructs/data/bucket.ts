import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { document, type Permission, tlsOnly } from "../../lib/permissions";
import { deployedId } from "../../lib/deployed-path";
import { bucketName } from "../../lib/names";
import { optional } from "../../lib/optional";

/** When objects move to cheaper storage or go; days after they were written. */
export interface Lifecycle {
  /** To infrequent access, whose objects are billed for 30 days at least. */
  readonly infrequentAccessDays?: number;
  readonly expirationDays?: number;
  /** How long overwritten and deleted versions can be brought back. */
  readonly noncurrentDays: number;
}

export interface BucketProps {
  /** A name of its own, when others must know it beforehand; made from the path otherwise. */
  readonly name?: string;
  readonly account: string;
  readonly protect: boolean;
  readonly lifecycle: Lifecycle;
  /** Where S3 writes who read what; a bucket of logs has none. */
  readonly accessLogs?: Bucket;
}

/** A private bucket: encrypted, versioned, TLS only, without ACLs, and free of unfinished uploads. */
export class Bucket extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly regionalDomainName: string;
  /** For `dependsOn` of what needs its versions, such as replication. */
  readonly versioning: S3BucketVersioningA;
  /** For `dependsOn` of what writes as its policy allows. */
  readonly policy: S3BucketPolicy;
  private readonly statements: object[];

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const name = props.name ?? bucketName(this, props.account);
    const bucket = new S3Bucket(this, "Default", {
      bucket: name,
      forceDestroy: !props.protect,
      lifecycle: { preventDestroy: props.protect },
    });
    this.name = bucket.id;
    // Known before the bucket is, so that policies can be read in a plan.
    this.arn = `arn:aws:s3:::${name}`;
    this.regionalDomainName = bucket.bucketRegionalDomainName;
    this.versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: this.name,
      versioningConfiguration: { status: "Enabled" },
    });
    this.statements = [tlsOnly("s3:*", [this.arn, `${this.arn}/*`])];
    this.policy = this.close();
    this.tidy(props.lifecycle);
    if (props.accessLogs !== undefined) {
      new S3BucketLoggingA(this, "logging", {
        bucket: this.name,
        targetBucket: props.accessLogs.name,
        targetPrefix: `s3/${deployedId(this)}/`,
        // S3 asks whether it may write there.
        dependsOn: [props.accessLogs.policy],
      });
    }
  }

  /** Adds a statement to the bucket's policy, for services that write or read as themselves. */
  allow(statement: object): void {
    this.statements.push({ Effect: "Allow", ...statement });
  }

  /** May read objects below a prefix. */
  read(prefix = ""): Permission {
    return { actions: ["s3:GetObject"], resources: [`${this.arn}/${prefix}*`] };
  }

  /** May read every version below a prefix, and be told which objects are not there: S3 hides that from others. */
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

  /** May write objects below a prefix, in parts too. */
  write(prefix = ""): Permission {
    return { actions: ["s3:PutObject", "s3:AbortMultipartUpload"], resources: [`${this.arn}/${prefix}*`] };
  }

  /** May see which parts of an upload have arrived, below a prefix. */
  listParts(prefix = ""): Permission {
    return { actions: ["s3:ListMultipartUploadParts"], resources: [`${this.arn}/${prefix}*`] };
  }

  /** May remove objects below a prefix: S3 keeps what was removed as an old version. */
  remove(prefix = ""): Permission {
    return { actions: ["s3:DeleteObject"], resources: [`${this.arn}/${prefix}*`] };
  }

  /** May list objects below a prefix. */
  list(prefix: string): Permission {
    return {
      actions: ["s3:ListBucket"],
      resources: [this.arn],
      conditions: { StringLike: { "s3:prefix": `${prefix}*` } },
    };
  }

  /** Encrypted, owned by the account, and closed to the public. */
  private close(): S3BucketPolicy {
    const bucket = this.name;
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
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
      // S3 refuses two changes of a bucket's access at once.
      dependsOn: [block],
    });
  }

  private tidy({ infrequentAccessDays, expirationDays, noncurrentDays }: Lifecycle): void {
    const transition =
      infrequentAccessDays === undefined
        ? undefined
        : [{ days: infrequentAccessDays, storageClass: "STANDARD_IA" }];
    const expiration = expirationDays === undefined ? undefined : [{ days: expirationDays }];
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
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
