import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Backups, type BackupsProps } from "../../../../stacks/constructs/recovery/backups";
import { type Synthesized, synthOf } from "../../../support/synth";

const days = { dailyDays: 7, weeklyDays: 0, monthlyDays: 365 };
const elsewhere = { region: "us-west-2", keepDays: 35 };

function backups(change: Partial<BackupsProps> = {}): Synthesized {
  return synthOf((stack) => {
    new Backups(stack, "backups", {
      ...days,
      streams: true,
      vaultLock: true,
      copyTo: elsewhere,
      protect: true,
      topicArn: "arn:aws:sns:us-east-1:123456789012:alarms",
      resources: ["arn:aws:rds:us-east-1:123456789012:db:one"],
      providerOf: (region) => new AwsProvider(stack, "elsewhere", { region, alias: "elsewhere" }),
      ...change,
    });
  });
}

interface Rule {
  readonly rule_name: string;
  readonly lifecycle: { readonly delete_after: number };
  readonly copy_action?: readonly object[];
}

const rules = (synthesized: Synthesized) => synthesized.at("aws_backup_plan.backups").rule as Rule[];

test("keeps each kind for its retention, and creates no kind with a retention of 0 days", () => {
  expect(rules(backups()).map((rule) => [rule.rule_name, rule.lifecycle.delete_after])).toEqual([
    ["daily", 7],
    ["monthly", 365],
  ]);
});

test("a locked vault accepts the plan's retention, and nothing shorter or longer", () => {
  expect(backups().at("aws_backup_vault_lock_configuration.backups_lock")).toMatchObject({
    min_retention_days: 7,
    max_retention_days: 365,
  });
  expect(backups({ vaultLock: { off: "a test" } }).of("aws_backup_vault_lock_configuration")).toEqual([]);
});

test("copies the daily ones to a vault of another region, under a key of that region", () => {
  const synthesized = backups();
  const vault = synthesized.at("aws_backup_vault.backups_copies_vault");
  expect(vault).toMatchObject({
    provider: "aws.elsewhere",
    kms_key_arn: "${aws_kms_key.backups_copies_key.arn}",
    lifecycle: { prevent_destroy: true },
  });
  expect(synthesized.at("aws_kms_key.backups_copies_key")).toMatchObject({
    provider: "aws.elsewhere",
    enable_key_rotation: true,
  });
  expect(synthesized.at("aws_backup_vault_lock_configuration.backups_copies_lock")).toMatchObject({
    provider: "aws.elsewhere",
    min_retention_days: 35,
    max_retention_days: 35,
  });
  const [daily, ...others] = rules(synthesized);
  expect(daily?.copy_action).toEqual([
    {
      destination_vault_arn: "${aws_backup_vault.backups_copies_vault.arn}",
      lifecycle: { delete_after: 35 },
    },
  ]);
  expect(others.filter((rule) => rule.copy_action !== undefined)).toEqual([]);
});

test("where the settings say why not, nothing is copied, and there is no key", () => {
  const synthesized = backups({ copyTo: { off: "a test" } });
  expect(synthesized.of("aws_kms_key")).toEqual([]);
  expect(rules(synthesized).filter((rule) => rule.copy_action !== undefined)).toEqual([]);
});

test("notifies about failed backups, copies and restores", () => {
  const { event_pattern } = backups().at("aws_cloudwatch_event_rule.backups_failures");
  for (const job of ["Backup", "Copy", "Restore"]) {
    expect(String(event_pattern)).toContain(`${job} Job State Change`);
  }
});
