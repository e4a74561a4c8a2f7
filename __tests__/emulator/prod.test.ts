import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import {
  type DBInstance,
  DescribeDBInstancesCommand,
  RDSClient,
  type RDSClientConfig,
} from "@aws-sdk/client-rds";
import { GetObjectCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { unzipSync } from "fflate";
import { destroyEnvironment, lowerProtection } from "../../cli/destroy/environment";
import { destroyFoundation } from "../../cli/destroy/foundation";
import { synthesizeUnprotected } from "../../cli/destroy/run";
import { type Prepared, prepare } from "../../cli/lib/prepared-stack";
import type { Target } from "../../cli/lib/target";
import type { Deployment } from "../../cli/start/deploy";
import { EMULATOR_PARALLELISM } from "../../cli/start/deploy-options";
import type { SynthesizedStack } from "../../cli/lib/synthesize";
import { RunFolder } from "../../cli/start/run-folder";
import { emulatorEnvironment } from "../../packages/embedded-aws/client";
import type { Emulator } from "../../packages/embedded-aws/servers/emulator";
import { Steps } from "../../packages/cli-kit/progress";
import { restore as restoreCommand } from "../../cli/backup-restore/command";
import { performRestore } from "../../cli/backup-restore/operate";
import { versionsOf } from "../../cli/backup-restore/state/versions";
import type { EnvironmentSettings } from "../../stacks/settings";
import { cfnLint, creationsOf } from "../support/cfn-lint";
import { changesOfProd } from "../support/changed-settings";
import { expectNoFaults } from "../support/faults";
import { readJson } from "../support/synth";
import { applied, type Place, synthesizedIn } from "./applied-settings";
import { unrecordedAsks } from "./delivery-asks";
import { refusalsOf } from "./refusals";
import { type RunningAws, startAws } from "./running-aws";

const { before: settings, changed } = changesOfProd;

const output = new PassThrough();
const steps = new Steps(output);
let folder: string;
let aws: RunningAws;
let emulator: Emulator;
let run: RunFolder;
let place: Place;
let deployment: Deployment;
let synthesized: SynthesizedStack;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "streamflow-prod-"));
  run = RunFolder.open({ name: "prod-test", once: true, fresh: true });
  aws = await startAws(run, settings);
  emulator = aws.emulator;
  place = { folder, aws, run, steps };
  synthesized = synthesizedIn(place, "before", settings);
  deployment = await applied(place, synthesized);
});

afterAll(async () => {
  steps.end();
  await aws.stop();
  run.release();
  rmSync(folder, { recursive: true });
});

/** Attributes of a restored instance that must equal those of its source. */
const RESTORED_ATTRIBUTES = [
  ...["DBInstanceClass", "DBSubnetGroup", "VpcSecurityGroups", "DBParameterGroups", "MultiAZ", "StorageType"],
  ...["StorageEncrypted", "KmsKeyId", "AllocatedStorage", "MaxAllocatedStorage", "DBName", "MasterUsername"],
  ...[
    "IAMDatabaseAuthenticationEnabled",
    "EnabledCloudwatchLogsExports",
    "BackupRetentionPeriod",
    "Endpoint",
  ],
  ...["PreferredBackupWindow", "PreferredMaintenanceWindow", "MonitoringInterval", "MonitoringRoleArn"],
  ...[
    "PerformanceInsightsEnabled",
    "PerformanceInsightsRetentionPeriod",
    "PerformanceInsightsKMSKeyId",
    "DeletionProtection",
    "EngineVersion",
  ],
  ...["CACertificateIdentifier", "CopyTagsToSnapshot", "AutoMinorVersionUpgrade"],
] as (keyof DBInstance)[];

const statePlace = {
  bucket: settings.state.kind === "s3" ? settings.state.bucket : "",
  key: "streamflow-prod/terraform.tfstate",
};

/** A run that is interrupted before one of its steps. */
class StepsUntil extends Steps {
  constructor(private readonly last: string) {
    super(output);
  }

  override run: Steps["run"] = (title, ...rest) =>
    title === this.last ? Promise.reject(new Error("cut off")) : super.run(title, ...rest);
}

/** `npm run restore -- prod …`, with the stack and the emulator of this test. */
async function restore(...args: string[]): Promise<void> {
  return restoreWith(steps, ...args);
}

async function restoreTo(time: string, told: Steps): Promise<void> {
  return restoreWith(told, "database", "--to", time, "--yes", "--unverified", "nothing answers in this test");
}

async function restoreWith(told: Steps, ...args: string[]): Promise<void> {
  const { aws, stack } = deployment;
  const target = { stack: "streamflow-prod", name: "prod", settings, foundation: false };
  const access = { name: "the test", env: {}, client: aws };
  const prepared = { target, access, synthesized, stack, folder: run.path(), cloud: undefined };
  const input = restoreCommand.parse(["prod", ...args]);
  const confirmation = { yes: input.yes, ask: undefined };
  await performRestore(prepared, input, { steps: told, confirmation });
}

async function rdsInstances(aws: RDSClientConfig): Promise<DBInstance[]> {
  const { DBInstances = [] } = await new RDSClient(aws).send(new DescribeDBInstancesCommand({}));
  return DBInstances;
}

async function instancesNamed(aws: RDSClientConfig, name: RegExp): Promise<DBInstance[]> {
  return (await rdsInstances(aws)).filter(({ DBInstanceIdentifier: id = "" }) => name.test(id));
}

/** Policies that let roles log in to the database. */
async function connectPolicies(): Promise<string[]> {
  const state = JSON.parse(await deployment.stack.pullState()) as {
    resources: { type: string; instances: { attributes: { policy?: string } }[] }[];
  };
  return state.resources
    .filter(({ type }) => type === "aws_iam_role_policy")
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes.policy ?? ""))
    .filter((policy) => policy.includes("rds-db:connect"));
}

const printed = (): string => (output.read() as Buffer | null)?.toString() ?? "";

test("is applied, and planned again without a change", () => {
  // verify() throws when the second plan is not empty
  const resources = Object.values((deployment.outputs.media_function && readStack()) || {});
  expect(deployment.resources).toBe(resources.flatMap((named) => Object.keys(named)).length);
  expect(printed()).toContain("second plan: empty");
});

/** Resources of the synthesized stack, by type. */
function readStack(): Record<string, object> {
  return readJson(join(synthesized.folder, "cdk.tf.json")).resource as Record<string, object>;
}

test("has what only prod asks for", () => {
  expect(Object.keys(readStack())).toEqual(
    expect.arrayContaining([
      "aws_backup_plan",
      "aws_backup_vault_lock_configuration",
      "aws_cloudwatch_metric_alarm",
      "aws_grafana_workspace",
      "aws_nat_gateway",
      "aws_sns_topic_subscription",
    ]),
  );
});

test("a change of what only prod has is applied to what runs, and back, and leaves nothing to do", async () => {
  await applied(place, synthesizedIn(place, "changed", changed));
  deployment = await applied(place, synthesized);
});

test("no state, plan or log contains a secret", async () => {
  const secrets = await secretValues();
  expect(secrets.length).toBeGreaterThan(0);
  const texts = [...(await states()), ...planTexts(), ...logs()];
  expect(texts.length).toBeGreaterThan(5);
  for (const secret of secrets) {
    expect(texts.filter(({ text }) => text.includes(secret)).map(({ name }) => name)).toEqual([]);
  }
});

describe("restored", () => {
  const database = () => rdsInstances(deployment.aws);
  const named = (name: RegExp) => instancesNamed(deployment.aws, name);

  test("fails half-way through the switch, and the same command continues", async () => {
    const [before] = await database();
    const began = new Date().toISOString();
    await expect(restoreTo(began, new StepsUntil("rename the new instance"))).rejects.toThrow("cut off");
    expect(await named(/^streamflow-prod-database$/)).toEqual([]);
    expect(await named(/-replaced-/)).toMatchObject([{ DbiResourceId: before?.DbiResourceId }]);

    await expect(restoreTo("latest", steps)).rejects.toThrow(
      `exists: continue it with --to ${began.slice(0, 19)}Z`,
    );
    await restoreTo(began, steps);
    const said = printed();
    expect(said).toContain("from an earlier run");
    expect(said).toMatch(/review: .*\n/);
    expect(said).toContain("second plan: empty");
    expect(said).toContain("aws rds delete-db-instance");

    const [now, ...others] = await named(/^streamflow-prod-database$/);
    expect(others).toEqual([]);
    expect(now?.DbiResourceId).not.toBe(before?.DbiResourceId);
    const tags = (instance: typeof now) =>
      Object.fromEntries(instance?.TagList?.map(({ Key, Value }) => [Key, Value]) ?? []);
    expect(Object.keys(now ?? {}).sort()).toEqual(Object.keys(before ?? {}).sort());
    for (const key of RESTORED_ATTRIBUTES) expect([key, now?.[key]]).toEqual([key, before?.[key]]);
    expect(now?.MasterUserSecret?.SecretArn).not.toBe(before?.MasterUserSecret?.SecretArn);
    expect(now?.MasterUserSecret?.KmsKeyId).toBe(before?.MasterUserSecret?.KmsKeyId);
    expect(now?.MasterUserSecret?.KmsKeyId).toMatch(/:key\//);
    expect(tags(now)).toEqual(tags(before));
    const policies = await connectPolicies();
    expect(policies.length).toBeGreaterThan(1);
    for (const policy of policies) expect(policy).toContain(`dbuser:${now?.DbiResourceId}/`);
  });

  test("its state rolled back, is planned again without a change", async () => {
    const s3 = new S3Client(deployment.aws);
    const versions = await versionsOf(s3, statePlace);
    const [current] = versions;
    expect(current?.current).toBe(true);
    await deployment.stack.forget("aws_sqs_queue.media_queue");
    expect(await deployment.stack.addresses()).not.toContain("aws_sqs_queue.media_queue");
    await restore("state", "--version", current?.id ?? "", "--yes");
    expect(printed()).toContain("no changes, the state matches AWS");
    expect(await deployment.stack.addresses()).toContain("aws_sqs_queue.media_queue");
    expect(await versionsOf(s3, statePlace)).toHaveLength(versions.length + 2);
  });
});

/** The settings that are deployed last. */
const saml: EnvironmentSettings = {
  ...settings,
  grafana: {
    kind: "saml",
    metadataUrl: "https://idp.example.com/metadata",
    roleAttribute: "role",
    adminRoles: ["platform"],
    editorRoles: ["developers"],
  },
};

test("Grafana signs users in by a SAML provider instead, and is planned again without a change", async () => {
  synthesized = synthesizedIn(place, "saml", saml);
  deployment = await applied(place, synthesized);
  expect(printed()).toContain("second plan: empty");
  const addresses = await deployment.stack.addresses();
  expect(addresses).toContain("aws_grafana_workspace_saml_configuration.watch_grafana_saml");
  expect(addresses).not.toContain("aws_grafana_role_association.watch_grafana_admins");
});

test("nothing was done that AWS's own models would refuse, and all of it is known to them", async () => {
  const { refused, unknown } = await refusalsOf(emulator.endpoint);
  expect({ refused, unknown }).toEqual({ refused: [], unknown: [] });
});

test("cfn-lint finds nothing wrong in what was created", async () => {
  const creations = await creationsOf(emulator.endpoint);
  expect(creations.length).toBeGreaterThan(6);
  expect(await cfnLint(creations, settings.region)).toEqual([]);
});

describe("destroyed", () => {
  const environment = { stack: "streamflow-prod", name: "prod", settings, foundation: false };
  const foundation = { ...environment, stack: `streamflow-foundation-${settings.account}`, foundation: true };
  const consent = { name: "prod", typed: "prod", unprotect: true, deleteBackups: true, ask: undefined };

  const person = () => emulatorEnvironment(emulator.endpoint, settings.region);

  /** A stack as a command prepares it. */
  async function prepared(
    target: Target,
    env: Readonly<Record<string, string>>,
    synth: () => SynthesizedStack,
  ): Promise<Prepared> {
    const access = { name: "the test", env, client: { ...deployment.aws, forcePathStyle: true } };
    const ready = await prepare(target, {
      access,
      steps,
      out: run.path("destroy"),
      synth: () => Promise.resolve(synth()),
      parallelism: EMULATOR_PARALLELISM,
    });
    await ready.stack.init();
    return ready;
  }

  /** Without protection, as npm run destroy prepares it. */
  const unprotected = (target: Target, env: Readonly<Record<string, string>>): Promise<Prepared> =>
    prepared(target, env, () => synthesizeUnprotected(target, [saml], run.path("unprotected")));

  beforeAll(async () => {
    const own = { ...saml, protect: true };
    const guarded = await prepared(environment, person(), () => synthesizedIn(place, "protected", own));
    const planned = await guarded.stack.plan(() => undefined);
    await guarded.stack.apply(planned, () => undefined);
  });

  test("not without the consent to lower its protection", async () => {
    const lowered = await unprotected(environment, person());
    const missing = { ...consent, unprotect: false };
    await expect(lowerProtection(lowered, missing, steps)).rejects.toThrow("Pass --unprotect too");
    await expect(lowerProtection(lowered, { ...consent, typed: undefined }, steps)).rejects.toThrow(
      "not confirmed",
    );
  });

  test("not without the consent to delete the instance that restore kept", async () => {
    const lowered = await unprotected(environment, person());
    await expect(destroyEnvironment(lowered, { ...consent, deleteBackups: false }, steps)).rejects.toThrow(
      /Pass --delete-backups too: \S+-replaced-/,
    );
    expect(await instancesNamed(deployment.aws, /-replaced-/)).toHaveLength(1);
  });

  test("to nothing, after a person lowered the protection", async () => {
    await lowerProtection(await unprotected(environment, person()), consent, steps);
    expect(await instancesNamed(deployment.aws, /-replaced-/)).toHaveLength(1);
    // by the pipeline's role, so that its permissions are checked
    const role = (await deployment.deliveryRoles?.environmentOf("apply")) ?? {};
    expect(await destroyEnvironment(await unprotected(environment, role), consent, steps)).toEqual([]);
    expect(printed()).toMatch(/kept by backup or restore: \S+-replaced-/);
    expect(await rdsInstances(deployment.aws)).toEqual([]);
    expect(await deployment.deliveryRoles?.permissions.check()).toContain("all allowed by their policies");
  });

  test("with the foundation of the account", async () => {
    expect(await destroyFoundation(await unprotected(foundation, person()), consent, steps)).toEqual([]);
    const { Buckets = [] } = await new S3Client(deployment.aws).send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).not.toContain(statePlace.bucket);
  });
});

test.each(["plan", "apply"] as const)("every permission that the %s role needs is recorded", async (role) => {
  expectNoFaults(await unrecordedAsks(emulator.endpoint, role, settings));
});

interface Text {
  readonly name: string;
  readonly text: string;
}

/** Passwords that the account has stored. */
async function secretValues(): Promise<string[]> {
  const client = new SecretsManagerClient(deployment.aws);
  const { SecretList = [] } = await client.send(new ListSecretsCommand({}));
  const values = await Promise.all(
    SecretList.map(async ({ ARN }) => {
      const found = await client.send(new GetSecretValueCommand({ SecretId: ARN })).catch(() => undefined);
      const secret = JSON.parse(found?.SecretString ?? "{}") as { password?: string };
      return secret.password ?? [];
    }),
  );
  return values.flat();
}

async function states(): Promise<Text[]> {
  const s3 = new S3Client({ ...deployment.aws, forcePathStyle: true });
  const bucket = settings.state.kind === "s3" ? settings.state.bucket : "";
  const names = ["streamflow-prod", `streamflow-foundation-${settings.account}`].map(
    (stack) => `${stack}/terraform.tfstate`,
  );
  return Promise.all(
    names.map(async (name) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
      return { name, text: (await Body?.transformToString()) ?? "" };
    }),
  );
}

/** A plan file is a zip of the plan, the state and the configuration. */
function planTexts(): Text[] {
  return Object.entries(unzipSync(readFileSync(run.path("plan.tfplan")))).map(([name, bytes]) => ({
    name: `plan.tfplan/${name}`,
    text: Buffer.from(bytes).toString("latin1"),
  }));
}

function logs(): Text[] {
  return readdirSync(run.logs).map((name) => ({ name, text: readFileSync(join(run.logs, name), "latin1") }));
}
