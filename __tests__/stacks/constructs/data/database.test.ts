import type { DatabaseProps } from "../../../../stacks/constructs/data/database";
import { Database } from "../../../../stacks/constructs/data/database";
import { here, logs, networkIn } from "../../../support/network";
import { settingsOf, type Synthesized, synthOf } from "../../../support/synth";

function database(
  change: Partial<DatabaseProps> = {},
  use: (database: Database) => void = () => {},
): Synthesized {
  return synthOf((stack) => {
    const props = { ...settingsOf("dev").database, ...here, logs, protect: false, network: networkIn(stack) };
    use(new Database(stack, "database", { ...props, ...change }));
  });
}

test("is encrypted, private, in isolated subnets, and logs in by IAM", () => {
  const synthesized = database();
  expect(synthesized.at("aws_db_instance.database")).toMatchObject({
    storage_encrypted: true,
    publicly_accessible: false,
    iam_database_authentication_enabled: true,
    manage_master_user_password: true,
    backup_retention_period: 1,
    engine_lifecycle_support: "open-source-rds-extended-support-disabled",
  });
  expect(synthesized.at("aws_db_subnet_group.database_subnet_group").subnet_ids).toEqual([
    "${aws_subnet.network_isolated_a.id}",
    "${aws_subnet.network_isolated_b.id}",
  ]);
});

test("keeps no password in Terraform", () => {
  expect(database().at("aws_db_instance.database")).not.toHaveProperty("password");
});

test("rejects connections without TLS", () => {
  const group = database().at("aws_db_parameter_group.database_parameter_group");
  expect(group.parameter).toContainEqual({
    name: "rds.force_ssl",
    value: "1",
    apply_method: "pending-reboot",
  });
  expect(group).toMatchObject({ family: "postgres17", name: "streamflow-test-database-postgres17" });
});

test("protected, it can't be deleted and leaves a last snapshot", () => {
  expect(database({ protect: true }).at("aws_db_instance.database")).toMatchObject({
    deletion_protection: true,
    skip_final_snapshot: false,
    final_snapshot_identifier: "streamflow-test-database-final",
    delete_automated_backups: false,
    lifecycle: { prevent_destroy: true },
  });
  expect(database().at("aws_db_instance.database")).toMatchObject({
    deletion_protection: false,
    skip_final_snapshot: true,
    lifecycle: { prevent_destroy: false },
  });
});

test("has a standby unless the settings say why not", () => {
  expect(database({ multiAz: true }).at("aws_db_instance.database").multi_az).toBe(true);
  expect(database({ multiAz: { off: "a test" } }).at("aws_db_instance.database").multi_az).toBe(false);
});

test("has enhanced monitoring, with a separate role, where the settings enable it", () => {
  const monitored = database({ monitoringIntervalSeconds: 60, performanceInsights: true });
  expect(monitored.at("aws_db_instance.database")).toMatchObject({
    monitoring_interval: 60,
    monitoring_role_arn: "${aws_iam_role.database_monitoring_role.arn}",
    performance_insights_enabled: true,
    performance_insights_retention_period: 7,
  });
  expect(
    database()
      .of("aws_iam_role")
      .filter((role) => String(role.name).includes("database")),
  ).toEqual([]);
});

test("lets a user connect to this instance only", () => {
  database({}, (made) => {
    const { actions, resources } = made.connect("media");
    expect(actions).toEqual(["rds-db:connect"]);
    expect(resources).toHaveLength(1);
    expect(resources[0]).toMatch(/^arn:aws:rds-db:us-east-1:123456789012:dbuser:.+\/media$/);
  });
});

test("its logs expire: their groups exist before it does", () => {
  const synthesized = database();
  expect(synthesized.at("aws_db_instance.database").depends_on).toEqual([
    "aws_cloudwatch_log_group.database_postgresql_logs",
    "aws_cloudwatch_log_group.database_upgrade_logs",
  ]);
});
