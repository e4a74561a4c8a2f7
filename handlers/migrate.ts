import { join } from "node:path";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { lambdaRuntime, readEnvironment } from "./runtime/environment";
import { createLogger } from "./runtime/log";
import { tracedClient } from "./runtime/trace";
import { migrate, type MigrateResult } from "./services/migrate";
import { readMigrations } from "./services/migrations";

/** Environment variables of the migrate function. */
export type MigrateEnvironment = {
  readonly ENVIRONMENT: string;
  readonly DATABASE_HOST: string;
  readonly DATABASE_PORT: string;
  readonly DATABASE_NAME: string;
  /** Secret of the master user that RDS manages: `{ "username", "password" }`. */
  readonly DATABASE_SECRET_ARN: string;
  /** Users to make for IAM tokens, separated by commas. */
  readonly DATABASE_USERS: string;
  readonly LOG_LEVEL: string;
  readonly NODE_EXTRA_CA_CERTS: string;
};

/** `dryRun` tells what would be applied and changes nothing. */
export interface MigrateEvent {
  readonly dryRun?: boolean;
}

/** Brings the database up to date; returns what was applied, and throws where it stopped. */
export async function handler(event: MigrateEvent): Promise<MigrateResult> {
  const environment = readEnvironment<MigrateEnvironment>({
    ENVIRONMENT: true,
    DATABASE_HOST: true,
    DATABASE_PORT: true,
    DATABASE_NAME: true,
    DATABASE_SECRET_ARN: true,
    DATABASE_USERS: true,
    LOG_LEVEL: true,
    NODE_EXTRA_CA_CERTS: true,
  });
  const log = createLogger("migrate", environment.ENVIRONMENT, environment.LOG_LEVEL);
  const master = await readMaster(environment.DATABASE_SECRET_ARN);
  const result = await migrate({
    connection: {
      host: environment.DATABASE_HOST,
      port: Number(environment.DATABASE_PORT),
      database: environment.DATABASE_NAME,
      user: master.username,
      password: master.password,
      ssl: { rejectUnauthorized: true, servername: environment.DATABASE_HOST },
    },
    migrations: readMigrations(join(__dirname, "migrations")),
    users: environment.DATABASE_USERS.split(","),
    dryRun: event.dryRun === true,
  });
  log.info("migrated", { ...result });
  return result;
}

async function readMaster(secretId: string): Promise<{ username: string; password: string }> {
  const client = tracedClient(new SecretsManagerClient({ region: lambdaRuntime().region }));
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  const secret = JSON.parse(SecretString ?? "{}") as { username?: unknown; password?: unknown };
  if (typeof secret.username !== "string" || typeof secret.password !== "string") {
    throw new Error(`the secret ${secretId} must hold a username and a password`);
  }
  return { username: secret.username, password: secret.password };
}
