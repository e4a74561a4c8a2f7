import { join } from "node:path";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as environment from "./runtime/environment";
import { createLog, LEVELS } from "./runtime/log";
import { traced } from "./runtime/trace";
import { tracedClient } from "./runtime/traced-client";
import { inspect, type InspectResult, isBeside } from "./services/inspect";
import { migrate, type MigrateResult } from "./services/migrate";
import { readMigrations } from "./services/migrations";
import { retried } from "./services/retry";

const variables = {
  ENVIRONMENT: environment.text,
  DATABASE_HOST: environment.text,
  DATABASE_PORT: environment.port,
  DATABASE_NAME: environment.text,
  /** ARN of the master user's secret, which RDS manages: `{ "username", "password" }`. */
  DATABASE_SECRET_ARN: environment.text,
  /** Users to create, who log in with IAM tokens: names separated by commas. */
  DATABASE_USERS: environment.names,
  LOG_LEVEL: environment.oneOf(...LEVELS),
  /** Additional certificate authorities, which Node.js reads at start. */
  NODE_EXTRA_CA_CERTS: environment.text,
};

/** Environment variables of the migrate function. */
export type MigrateEnvironment = environment.Texts<typeof variables>;

/** `{"dryRun": true}` returns pending migrations without changes; `{}` applies them. */
export interface MigrateEvent {
  readonly dryRun?: boolean;
  /** The database was restored: see `MigrateOptions`. Only by hand, after a restore that was refused without it. */
  readonly restored?: boolean;
}

export type { InspectResult };

/** Counts the rows of another instance, for a restore before the switch; read-only. */
export interface InspectEvent {
  readonly inspect: {
    readonly host: string;
    readonly user: string;
    /** IAM token of that user for that host. */
    readonly token: string;
  };
}

/** Migrates the database schema and users. Returns the applied migrations; throws the error of the one that failed. */
export async function handler(event: MigrateEvent): Promise<MigrateResult>;
export async function handler(event: InspectEvent): Promise<InspectResult>;
export async function handler(event: MigrateEvent | InspectEvent): Promise<MigrateResult | InspectResult> {
  const values = environment.readEnvironment({ ...variables, AWS_REGION: environment.text });
  const log = createLog({ service: "migrate", environment: values.ENVIRONMENT, level: values.LOG_LEVEL });
  log.about({ traceId: environment.traceId() });
  if (event !== null && typeof event === "object" && "inspect" in event) return inspectBeside(event, values);
  const master = await readMaster(values.DATABASE_SECRET_ARN, values.AWS_REGION);
  const result = await traced("migrate", () =>
    migrate({
      connection: {
        host: values.DATABASE_HOST,
        port: values.DATABASE_PORT,
        database: values.DATABASE_NAME,
        user: master.username,
        password: master.password,
        ssl: { rejectUnauthorized: true },
      },
      migrations: readMigrations(join(__dirname, "migrations")),
      users: values.DATABASE_USERS,
      dryRun: event?.dryRun === true,
      restored: event?.restored === true,
    }),
  );
  log.info("migrated", { ...result });
  return result;
}

/** Counts rows of an instance next to the database. Throws for other hosts. */
async function inspectBeside(
  { inspect: { host, user, token } }: InspectEvent,
  values: { DATABASE_HOST: string; DATABASE_PORT: number; DATABASE_NAME: string },
): Promise<InspectResult> {
  if (!isBeside(host, { served: values.DATABASE_HOST })) {
    throw new Error(`the host must be a database next to ${values.DATABASE_HOST}, got ${host}`);
  }
  const [port, database] = [values.DATABASE_PORT, values.DATABASE_NAME];
  return traced("inspect", () =>
    inspect({ host, port, database, user, password: token, ssl: { rejectUnauthorized: true } }),
  );
}

/**
 * Milliseconds of retries for a role's permission. A first apply invokes the function seconds after it made the permission,
 * which takes effect later: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
 */
const PERMISSION_RETRY_MS = 60_000;

const isDenied = (error: unknown): boolean =>
  error instanceof Error && error.name === "AccessDeniedException";

async function readMaster(arn: string, region: string): Promise<{ username: string; password: string }> {
  const client = tracedClient(new SecretsManagerClient({ region }));
  const { SecretString = "" } = await retried(
    () => client.send(new GetSecretValueCommand({ SecretId: arn })),
    { patience: PERMISSION_RETRY_MS, mayPass: isDenied },
  );
  const { username, password } = parse(SecretString);
  if (typeof username !== "string" || typeof password !== "string") {
    throw new Error(`the secret ${arn} must be JSON with a username and a password`);
  }
  return { username, password };
}

/** Parses a secret; errors don't quote it. */
function parse(secret: string): { username?: unknown; password?: unknown } {
  try {
    return (JSON.parse(secret) ?? {}) as { username?: unknown; password?: unknown };
  } catch {
    return {};
  }
}
