import { BackupPlan } from "@cdktf/provider-aws/lib/backup-plan";
import { BackupSelection } from "@cdktf/provider-aws/lib/backup-selection";
import { BackupVaultLockConfiguration } from "@cdktf/provider-aws/lib/backup-vault-lock-configuration";
import { BackupVault } from "@cdktf/provider-aws/lib/backup-vault";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Fn, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import { BackupCopies } from "./backup-copies";
import { ServiceRole } from "../compute/service-role";
import { optional } from "../../lib/optional";
import { encryptionKeyArn } from "../encryption/encryption-keys";
import type { BackupSettings } from "./settings";

export interface BackupsProps extends BackupSettings {
  readonly protect: boolean;
  /** ARNs of the backed up resources. */
  readonly resources: readonly string[];
  /** Topic for failed jobs, if there is one. */
  readonly topicArn: string | undefined;
  /** Returns the provider of another region, for copies. */
  readonly providerOf: (region: string) => TerraformProvider;
}

/** AWS managed policies: AWS Backup's permissions exceed an inline policy's size and grow with its services. */
const BACKUP_POLICY_ARNS = {
  backup: "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
  restore: "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
  "s3-backup": "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
  "s3-restore": "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore",
};

const FAILED_JOB_STATES = ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"];

/** Daily, weekly and monthly backups in a separate vault. */
export class Backups extends Construct {
  readonly vaultName: string;

  constructor(scope: Construct, id: string, props: BackupsProps) {
    super(scope, id);
    const vault = new BackupVault(this, "vault", {
      name: physicalName(this, "backup vault"),
      ...optional({ kmsKeyArn: encryptionKeyArn(this) }),
      forceDestroy: !props.protect,
      lifecycle: { preventDestroy: props.protect },
    });
    this.vaultName = vault.name;
    if (props.vaultLock === true) {
      const kept = [props.dailyDays, props.weeklyDays, props.monthlyDays].filter((days) => days > 0);
      new BackupVaultLockConfiguration(this, "lock", {
        backupVaultName: vault.name,
        minRetentionDays: Math.min(...kept),
        maxRetentionDays: Math.max(...kept),
      });
    }
    if (props.topicArn !== undefined) this.tellOfFailures(props.topicArn);
    const dailyCopies = this.copies(props);
    const plan = new BackupPlan(this, "Default", {
      name: physicalName(this, "backup plan"),
      rule: rules(props).map((rule) => ({
        ...rule,
        targetVaultName: vault.name,
        ...optional({ copyAction: rule.ruleName === "daily" ? dailyCopies : undefined }),
      })),
    });
    new BackupSelection(this, "selection", {
      name: "data",
      planId: plan.id,
      iamRoleArn: this.role(),
      resources: [...props.resources],
    });
  }

  /** The target of the daily rule's copies, if any. */
  private copies({ copyTo, providerOf, vaultLock, protect }: BackupsProps) {
    if ("off" in copyTo) return undefined;
    const { region, keepDays } = copyTo;
    const there = { provider: providerOf(region), keepDays, locked: vaultLock === true, protect };
    const { vaultArn } = new BackupCopies(this, "copies", there);
    return [{ destinationVaultArn: vaultArn, lifecycle: { deleteAfter: keepDays } }];
  }

  /** Notifies failures by EventBridge; vault notifications don't include failed jobs. */
  private tellOfFailures(arn: string): void {
    const rule = new CloudwatchEventRule(this, "failures", {
      name: physicalName(this, "event rule", "failures"),
      description: "A backup, copy or restore job failed",
      eventPattern: Fn.jsonencode({
        source: ["aws.backup"],
        "detail-type": ["Backup Job State Change", "Copy Job State Change", "Restore Job State Change"],
        // Backup and copy jobs have a state, restore jobs a status.
        detail: { $or: [{ state: FAILED_JOB_STATES }, { status: FAILED_JOB_STATES }] },
      }),
    });
    new CloudwatchEventTarget(this, "failures-to-topic", { rule: rule.name, targetId: "topic", arn });
  }

  private role(): string {
    const role = new ServiceRole(this, "role", { service: "backup.amazonaws.com", permissions: [] });
    for (const [name, policyArn] of Object.entries(BACKUP_POLICY_ARNS)) {
      new IamRolePolicyAttachment(this, `role-${name}`, { role: role.name, policyArn });
    }
    return role.arn;
  }
}

/** Schedules in UTC, after the database's own windows: RDS rejects backups during them and in the hour before. */
function rules({ dailyDays, weeklyDays, monthlyDays }: BackupSettings) {
  const all = [
    { ruleName: "daily", schedule: "cron(30 6 * * ? *)", deleteAfter: dailyDays },
    { ruleName: "weekly", schedule: "cron(30 6 ? * 1 *)", deleteAfter: weeklyDays },
    { ruleName: "monthly", schedule: "cron(30 6 1 * ? *)", deleteAfter: monthlyDays },
  ];
  return all
    .filter(({ deleteAfter }) => deleteAfter > 0)
    .map(({ ruleName, schedule, deleteAfter }) => ({
      ruleName,
      schedule,
      startWindow: 60,
      completionWindow: 360,
      lifecycle: { deleteAfter },
    }));
}
