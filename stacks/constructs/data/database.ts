import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { Construct } from "constructs";
import type { Connection, Permission } from "../../lib/permissions";
import { physicalName } from "../../lib/names";
import { DatabaseMonitoring } from "./database-monitoring";
import { LogGroup } from "../compute/log-group";
import type { Network } from "../network/network";
import { SecurityGroup } from "../network/security-group";
import { optional } from "../../lib/optional";
import { encryptionKeyArn } from "../encryption/encryption-keys";
import type { DatabaseSettings } from "./settings";
import type { LogSettings } from "../compute/settings";

export interface DatabaseProps extends DatabaseSettings {
  readonly network: Network;
  readonly region: string;
  readonly account: string;
  readonly logs: LogSettings;
  /** Deletion protection in Terraform and AWS; without it, no final snapshot is made. */
  readonly protect: boolean;
}

const PORT = 5432;
const MASTER_USER_NAME = "streamflow_admin";
const EXPORTED_LOGS = ["postgresql", "upgrade"];

/** PostgreSQL: encrypted, private, TLS only; IAM authentication except for the master user. */
export class Database extends Construct {
  readonly host: string;
  readonly port = String(PORT);
  readonly databaseName = "streamflow";
  readonly identifier: string;
  readonly arn: string;
  /** RDS's id of the instance, `db-…`: another id means another instance. */
  readonly resourceId: string;
  /** ARN of the secret that RDS manages and rotates: `{ "username", "password" }`. */
  readonly masterSecretArn: string;
  readonly connection: Connection;
  private readonly instance: DbInstance;
  private readonly userArnPrefix: string;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const group = new SecurityGroup(this, "security-group", {
      network: props.network,
      description: "PostgreSQL",
    });
    this.instance = this.createInstance(props, group);
    this.userArnPrefix = `arn:aws:rds-db:${props.region}:${props.account}:dbuser`;
    this.host = this.instance.address;
    this.identifier = this.instance.identifier;
    this.arn = this.instance.arn;
    this.resourceId = this.instance.resourceId;
    this.masterSecretArn = this.instance.masterUserSecret.get(0).secretArn;
    this.connection = { port: PORT, protocol: "PostgreSQL", to: { securityGroupId: group.id } };
  }

  /** Permission to log in as `user` with an IAM token. */
  connect(user: string): Permission {
    return {
      actions: ["rds-db:connect"],
      resources: [`${this.userArnPrefix}:${this.instance.resourceId}/${user}`],
    };
  }

  /** Permission to read the master's password, to create users and tables. */
  readMasterSecret(): Permission {
    return { actions: ["secretsmanager:GetSecretValue"], resources: [this.masterSecretArn] };
  }

  private createInstance(props: DatabaseProps, group: SecurityGroup): DbInstance {
    const { region, account, monitoringIntervalSeconds, performanceInsights } = props;
    const identifier = physicalName(this, "database instance");
    const kmsKeyId = encryptionKeyArn(this);
    const logGroups = EXPORTED_LOGS.map(
      (log) =>
        new LogGroup(this, `${log}-logs`, { name: `/aws/rds/instance/${identifier}/${log}`, ...props.logs }),
    );
    return new DbInstance(this, "Default", {
      identifier,
      engine: "postgres",
      engineVersion: props.engineVersion,
      engineLifecycleSupport: "open-source-rds-extended-support-disabled",
      instanceClass: props.instanceClass,
      dbName: this.databaseName,
      port: PORT,
      username: MASTER_USER_NAME,
      manageMasterUserPassword: true,
      iamDatabaseAuthenticationEnabled: true,
      storageType: "gp3",
      storageEncrypted: true,
      ...optional({ kmsKeyId, masterUserSecretKmsKeyId: kmsKeyId }),
      allocatedStorage: props.storageGiB,
      maxAllocatedStorage: props.maxStorageGiB,
      multiAz: props.multiAz === true,
      publiclyAccessible: false,
      dbSubnetGroupName: this.subnetGroup(props.network),
      vpcSecurityGroupIds: [group.id],
      parameterGroupName: this.parameterGroup(props.engineVersion),
      backupRetentionPeriod: props.backupRetentionDays,
      backupWindow: props.backupWindow,
      maintenanceWindow: props.maintenanceWindow,
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: !props.protect,
      autoMinorVersionUpgrade: true,
      allowMajorVersionUpgrade: false,
      applyImmediately: props.applyImmediately,
      enabledCloudwatchLogsExports: EXPORTED_LOGS,
      ...new DatabaseMonitoring(this, "monitoring", {
        region,
        account,
        monitoringIntervalSeconds,
        performanceInsights,
      }).attributes,
      deletionProtection: props.protect,
      skipFinalSnapshot: !props.protect,
      ...optional({ finalSnapshotIdentifier: props.protect ? `${identifier}-final` : undefined }),
      lifecycle: { preventDestroy: props.protect },
      // Otherwise RDS creates the groups, without retention.
      dependsOn: logGroups.map((logGroup) => logGroup.resource),
    });
  }

  private subnetGroup(network: Network): string {
    return new DbSubnetGroup(this, "subnet-group", {
      name: physicalName(this, "subnet group"),
      description: "Isolated subnets",
      subnetIds: network.isolatedSubnetIds,
    }).name;
  }

  private parameterGroup(engineVersion: string): string {
    const [major = ""] = engineVersion.split(".");
    return new DbParameterGroup(this, "parameter-group", {
      name: physicalName(this, "database parameter group", `postgres${major}`),
      family: `postgres${major}`,
      description: "TLS only; slow statements and connections are logged",
      parameter: [
        // Static, and the default since PostgreSQL 15; RDS would keep this value, so other methods are a change in
        // every plan.
        { name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" },
        { name: "log_connections", value: "1" },
        { name: "log_disconnections", value: "1" },
        { name: "log_min_duration_statement", value: "1000" },
      ],
      // A new major version needs a new group before the old one can be deleted.
      lifecycle: { createBeforeDestroy: true },
    }).name;
  }
}
