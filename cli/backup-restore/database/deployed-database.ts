import { parseState, textOutputs } from "@packages/terraform/state";
import type { Prepared } from "../../lib/prepared-stack";

/** Attributes of `aws_db_instance` in the state that a restored instance must have. */
export interface DatabaseAttributes {
  readonly resource_id: string;
  readonly engine: string;
  readonly instance_class: string;
  readonly port: number;
  readonly db_subnet_group_name: string;
  readonly vpc_security_group_ids: readonly string[];
  readonly parameter_group_name: string;
  readonly ca_cert_identifier: string;
  readonly multi_az: boolean;
  readonly publicly_accessible: boolean;
  readonly storage_type: string;
  readonly max_allocated_storage: number;
  readonly iam_database_authentication_enabled: boolean;
  readonly manage_master_user_password: boolean | null;
  /** Key of the master user's secret; absent or empty with AWS's own. */
  readonly master_user_secret_kms_key_id?: string | null;
  readonly auto_minor_version_upgrade: boolean;
  readonly copy_tags_to_snapshot: boolean;
  readonly deletion_protection: boolean;
  readonly engine_lifecycle_support: string;
  readonly enabled_cloudwatch_logs_exports: readonly string[] | null;
  readonly backup_retention_period: number;
  readonly backup_window: string;
  readonly maintenance_window: string;
  readonly monitoring_interval: number;
  readonly monitoring_role_arn: string;
  readonly performance_insights_enabled: boolean;
  readonly performance_insights_retention_period: number;
  /** Key of Performance Insights, which can't be changed later; empty without them. */
  readonly performance_insights_kms_key_id: string;
  readonly tags_all: Readonly<Record<string, string>>;
}

/** The database in Terraform's state and configuration. */
export interface DeployedDatabase {
  /** RDS identifier, which is part of its host name. */
  readonly identifier: string;
  /** Terraform address: `aws_db_instance.database`. */
  readonly address: string;
  /** Undefined while the state does not contain it, between two steps of a restore. */
  readonly attributes: DatabaseAttributes | undefined;
}

/** Reads the database from the state and the synthesized stack. Throws if there is none. */
export async function deployedDatabase({ stack, synthesized }: Prepared): Promise<DeployedDatabase> {
  const text = await stack.pullState();
  const state = text === "" ? undefined : parseState(text, `the state of ${synthesized.name}`);
  const identifier = state && textOutputs(state).database_identifier;
  if (state === undefined || identifier === undefined) {
    throw new Error(`${synthesized.name} has no output database_identifier: deploy the environment first`);
  }
  const made = synthesized.of("aws_db_instance");
  const name = made[0]?.name;
  if (name === undefined || made.length > 1) {
    throw new Error(`${synthesized.name} has ${made.length} aws_db_instance resources, expected one`);
  }
  const found = state.json.resources.find((one) => one.type === "aws_db_instance" && one.name === name);
  const attributes = found?.instances[0]?.attributes as DatabaseAttributes | undefined;
  return { identifier, address: `aws_db_instance.${name}`, attributes };
}
