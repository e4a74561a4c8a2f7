import { S3BucketReplicationConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration";
import { Construct } from "constructs";
import type { Bucket } from "./bucket";
import { deployedId } from "../../lib/deployed-path";
import { optional } from "../../lib/optional";
import { encryptionKeyArn } from "../encryption/encryption-keys";
import { ServiceRole } from "../compute/service-role";

export interface ReplicationProps {
  readonly account: string;
  readonly sources: readonly Bucket[];
  readonly target: Bucket;
}

/** Replicates new objects to the backup bucket, without deletions, so that mistakes are not replicated. */
export class Replication extends Construct {
  constructor(scope: Construct, id: string, { sources, target }: ReplicationProps) {
    super(scope, id);
    const role = new ServiceRole(this, "role", {
      service: "s3.amazonaws.com",
      permissions: [
        {
          actions: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
          resources: sources.map((source) => source.arn),
        },
        {
          actions: [
            "s3:GetObjectVersionForReplication",
            "s3:GetObjectVersionAcl",
            "s3:GetObjectVersionTagging",
          ],
          resources: sources.map((source) => `${source.arn}/*`),
        },
        { actions: ["s3:ReplicateObject", "s3:ReplicateTags"], resources: [`${target.arn}/*`] },
      ],
    });
    const kmsKeyArn = encryptionKeyArn(this);
    // Without these, S3 does not replicate objects that are encrypted with KMS.
    const encrypted = kmsKeyArn === undefined ? undefined : { status: "Enabled" };
    const sourceSelectionCriteria = encrypted && { sseKmsEncryptedObjects: encrypted };
    const encryptionConfiguration = kmsKeyArn === undefined ? undefined : { replicaKmsKeyId: kmsKeyArn };
    for (const source of sources) {
      const configuration = new S3BucketReplicationConfigurationA(this, deployedId(source), {
        bucket: source.name,
        role: role.arn,
        rule: [
          {
            id: "backup",
            status: "Enabled",
            filter: { prefix: "" },
            deleteMarkerReplication: { status: "Disabled" },
            ...optional({ sourceSelectionCriteria }),
            destination: {
              bucket: target.arn,
              storageClass: "STANDARD_IA",
              ...optional({ encryptionConfiguration }),
            },
          },
        ],
        dependsOn: [source.versioning, target.versioning, ...role.resources],
      });
      source.beforeSeal(configuration);
    }
  }
}
