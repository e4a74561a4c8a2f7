import { BackupVault } from "@cdktf/provider-aws/lib/backup-vault";
import { BackupVaultLockConfiguration } from "@cdktf/provider-aws/lib/backup-vault-lock-configuration";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import { encryptionKeyArn } from "../encryption/encryption-keys";

export interface BackupCopiesProps {
  /** Provider of the other region. */
  readonly provider: TerraformProvider;
  readonly keepDays: number;
  readonly locked: boolean;
  readonly protect: boolean;
}

/** A backup vault in another region, for recovery from a region's loss. */
export class BackupCopies extends Construct {
  readonly vaultArn: string;

  constructor(scope: Construct, id: string, { provider, keepDays, locked, protect }: BackupCopiesProps) {
    super(scope, id);
    const vault = new BackupVault(this, "vault", {
      name: physicalName(this, "backup vault"),
      kmsKeyArn: encryptionKeyArn(this, provider) ?? this.key({ provider, protect }),
      forceDestroy: !protect,
      provider,
      lifecycle: { preventDestroy: protect },
    });
    this.vaultArn = vault.arn;
    if (locked) {
      new BackupVaultLockConfiguration(this, "lock", {
        backupVaultName: vault.name,
        minRetentionDays: keepDays,
        maxRetentionDays: keepDays,
        provider,
      });
    }
  }

  /**
   * ARN of a key for the copies only. RDS snapshots are copied with the customer managed key of the target vault, because
   * AWS managed keys exist in one region only.
   * https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html#copy-encryption
   */
  private key({ provider, protect }: Pick<BackupCopiesProps, "provider" | "protect">): string {
    return new KmsKey(this, "key", {
      description: "Encrypts copies of AWS Backup",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      provider,
      lifecycle: { preventDestroy: protect },
    }).arn;
  }
}
