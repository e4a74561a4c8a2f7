import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { GetAliasCommand, LambdaClient, ListVersionsByFunctionCommand } from "@aws-sdk/client-lambda";
import { App, TerraformOutput } from "cdktf";
import { SynthesizedStack } from "../../cli/lib/synthesize";
import { terraformToolchain } from "../../cli/lib/toolchain";
import { deploy, type Deployment } from "../../cli/start/deploy";
import { RunFolder } from "../../cli/start/run-folder";
import type { MigrateEnvironment } from "../../handlers/migrate";
import { labelOf, readMigrations } from "../../handlers/services/migrations";
import { Steps } from "../../packages/cli-kit/progress";
import { superuserPool } from "../../packages/embedded-aws/database/logins";
import { BaseStack } from "../../stacks/base-stack";
import { LAMBDA_CA_FILE, NodeFunction } from "../../stacks/constructs/compute/node-function";
import { Database } from "../../stacks/constructs/data/database";
import { Migrations } from "../../stacks/constructs/data/migrations";
import { here, logs, networkIn } from "../support/network";
import { baseProps, settingsOf } from "../support/synth";
import { type RunningAws, startAws } from "./running-aws";

const migrations = readMigrations(join(__dirname, "../../handlers/migrations"));
const last = migrations.at(-1);

/** A database, the function that migrates it, and a function that serves with it. */
class MigratedStack extends BaseStack {
  constructor(app: App, { users, release }: { readonly users: readonly string[]; readonly release: string }) {
    super(app, "scratch", { ...baseProps, state: { kind: "terraform-cloud", organization: "scratch" } });
    const network = networkIn(this, { endpoints: ["secretsmanager"] });
    const place = { ...here, network, logs };
    const database = new Database(this, "database", {
      ...settingsOf("dev").database,
      ...place,
      protect: false,
    });
    const variables = {
      ENVIRONMENT: "scratch",
      LOG_LEVEL: "INFO" as const,
      DATABASE_HOST: database.host,
      DATABASE_PORT: database.port,
      DATABASE_NAME: database.databaseName,
    };
    const migrate = new NodeFunction<MigrateEnvironment>(this, "migrate", {
      ...place,
      memory: 256,
      timeout: "1 minute",
      handler: "migrate",
      include: ["migrations"],
      description: "Migrates",
      environment: {
        ...variables,
        DATABASE_SECRET_ARN: database.masterSecretArn,
        DATABASE_USERS: users.join(","),
        NODE_EXTRA_CA_CERTS: LAMBDA_CA_FILE,
      },
      permissions: [database.readMasterSecret()],
      connections: { database: database.connection, ...network.awsServices },
    });
    const { done, result } = new Migrations(this, "migrations", { database, users, migrate, network });
    const serving = new NodeFunction<{ RELEASE: string }>(this, "serving", {
      ...place,
      memory: 128,
      timeout: "3 seconds",
      handler: join(__dirname, "scratch/consumer"),
      description: "Serves with the database",
      environment: { RELEASE: release },
      permissions: [],
      connections: network.awsServices,
      after: [done],
    });
    new TerraformOutput(this, "resource_id", { value: database.resourceId });
    new TerraformOutput(this, "migration_result", { value: result });
    new TerraformOutput(this, "function", { value: serving.functionName });
    new TerraformOutput(this, "alias", { value: serving.aliasName });
  }
}

const output = new PassThrough();
const steps = new Steps(output);
let folder: string;
let run: RunFolder;
let aws: RunningAws;
let deployment: Deployment;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "streamflow-migrations-"));
  run = RunFolder.open({ name: "migrations-test", once: true, fresh: true });
  aws = await startAws(run, baseProps);
});

afterAll(async () => {
  steps.end();
  await aws.stop();
  run.release();
  rmSync(folder, { recursive: true });
});

const said = (): string => (output.read() as Buffer | null)?.toString() ?? "";

async function apply(release: string, ...users: string[]): Promise<Deployment> {
  const app = new App({ outdir: join(folder, release) });
  new MigratedStack(app, { users, release });
  app.synth();
  const synthesized = new SynthesizedStack("scratch", join(app.outdir, "stacks", "scratch"));
  const toolchain = await terraformToolchain();
  return deploy({ synthesized, emulator: aws.emulator, toolchain, run, steps });
}

/** Rows of a query by a superuser of the instance's server. */
async function rows(sql: string, ...values: unknown[]): Promise<unknown[]> {
  const server = await aws.functions.options.postgres?.of(deployment.outputs.resource_id ?? "");
  if (server === undefined) throw new Error("there is no PostgreSQL");
  const pool = superuserPool(server, "streamflow");
  try {
    return (await pool.query(sql, values)).rows as unknown[];
  } finally {
    await pool.end();
  }
}

/** Published versions of the serving function, and the one that serves. */
async function versions(): Promise<{
  readonly published: readonly string[];
  readonly live: string | undefined;
}> {
  const client = new LambdaClient(deployment.aws);
  const { function: FunctionName = "", alias: Name = "" } = deployment.outputs;
  const { Versions = [] } = await client.send(new ListVersionsByFunctionCommand({ FunctionName }));
  const { FunctionVersion } = await client.send(new GetAliasCommand({ FunctionName, Name }));
  const published = Versions.map(({ Version = "" }) => Version).filter((version) => version !== "$LATEST");
  return { published, live: FunctionVersion };
}

test("the first apply migrates the new database, and says what it applied", async () => {
  deployment = await apply("1", "media");
  expect(said()).toContain(`migrations: applied ${migrations.map(labelOf).join(", ")}\n`);
  expect(await rows("SELECT count(*)::int AS count FROM schema_migrations")).toEqual([
    { count: migrations.length },
  ]);
  expect(await versions()).toEqual({ published: ["1"], live: "1" });
  // throws unless a second plan is empty
  expect(await deployment.verify()).toBe(true);
});

test("a failed migration ends the apply with one line, and the old code goes on serving", async () => {
  // so that it is run again, which fails because its column exists
  await rows("DELETE FROM schema_migrations WHERE version = $1", last?.version);
  const failure = await apply("2", "media", "processor").then(
    () => "applied",
    (error: Error) => error.message,
  );
  const lines = failure.split("\n").filter((line) => line.includes(last === undefined ? "" : labelOf(last)));
  expect(lines).toEqual([
    expect.stringMatching(
      /^aws_lambda_invocation\.migrations: the function (\S+) failed \(log group \/aws\/lambda\/\1\): Error: migration \S+ failed and changed nothing: .*already exists$/,
    ),
  ]);
  expect(await versions()).toEqual({ published: ["1", "2"], live: "1" });
});

test("the next apply runs the migrations again, and then the new code serves", async () => {
  const { version, name, checksum } = last ?? {};
  await rows(
    "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
    version,
    name,
    checksum,
  );
  deployment = await apply("2", "media", "processor");
  expect(said()).toContain(`migrations: none to apply, version ${migrations.length}\n`);
  expect(await versions()).toEqual({ published: ["1", "2"], live: "2" });
  expect(await deployment.verify()).toBe(true);
});
