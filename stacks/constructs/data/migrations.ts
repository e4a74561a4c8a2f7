import { createHash } from "node:crypto";
import { join } from "node:path";
import { LambdaInvocation } from "@cdktf/provider-aws/lib/lambda-invocation";
import { type ITerraformDependable, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { Database } from "./database";
import { HANDLERS_FOLDER } from "../compute/function-code";
import type { NodeFunction } from "../compute/node-function";
import type { MigrateEnvironment } from "../../../handlers/migrate";
import { labelOf, readMigrations } from "../../../handlers/services/migrations";
import type { Network } from "../network/network";

const MIGRATIONS_FOLDER = join(HANDLERS_FOLDER, "migrations");

export interface MigrationsProps {
  readonly database: Database;
  /** Database users that the function makes. */
  readonly users: readonly string[];
  /** The function that migrates, with the migrations in its code. */
  readonly migrate: NodeFunction<MigrateEnvironment>;
  /** Its network, by which it reaches the database and the master secret. */
  readonly network: Network;
}

/**
 * Runs the migrations while Terraform applies. What serves on the new schema depends on it: if a migration fails, the
 * apply ends with its error, and the old code goes on serving.
 *
 * Terraform invokes the function in a create, and in a replacement by another version of the function, database or list of
 * users, but not in a destroy: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/lambda_invocation.
 * A failed invocation is not in the state, so that the next apply runs it again. The provider may invoke twice when a
 * connection breaks (https://github.com/hashicorp/terraform-provider-aws/issues/45773); the function's lock lets one run
 * wait for the other, for up to five minutes.
 */
export class Migrations extends Construct {
  /** For `dependsOn` of what serves on the new schema. */
  readonly done: ITerraformDependable;
  /** The last run's result as JSON: labels of `applied` migrations, and the database's `version`. No secrets. */
  readonly result: string;

  constructor(scope: Construct, id: string, { database, users, migrate, network }: MigrationsProps) {
    super(scope, id);
    const invocation = new LambdaInvocation(this, "Default", {
      functionName: migrate.functionName,
      // A new version of the code, which contains the migrations, is a replacement.
      qualifier: migrate.version,
      input: "{}",
      lifecycleScope: "CREATE_ONLY",
      triggers: {
        migrations: migrationsOf(MIGRATIONS_FOLDER),
        users: users.join(","),
        // An instance that replaces another is empty, or has earlier rows.
        database: database.resourceId,
      },
      // Rules, routes, endpoints and permissions, to which the function has no references.
      dependsOn: [...resourcesOf(network), ...resourcesOf(migrate)],
    });
    this.done = invocation;
    this.result = invocation.result;
  }
}

function resourcesOf(construct: Construct): TerraformResource[] {
  return construct.node
    .findAll()
    .filter((one): one is TerraformResource => TerraformResource.isTerraformResource(one));
}

/**
 * Label of a folder's last migration, which a plan shows, and a hash of all: `0010-download 1f3a…`. Throws for other files, like
 * the function would in the apply.
 */
export function migrationsOf(folder: string): string {
  const migrations = readMigrations(folder);
  const last = migrations.at(-1);
  if (last === undefined) throw new Error(`${folder} has no migrations`);
  const hash = createHash("sha256");
  for (const migration of migrations) hash.update(`${labelOf(migration)} ${migration.checksum}\n`);
  return `${labelOf(last)} ${hash.digest("hex").slice(0, 12)}`;
}
