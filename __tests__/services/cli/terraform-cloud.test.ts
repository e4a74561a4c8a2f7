import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { configureWorkspaces } from "../../../cli/cloud/run";
import { terraformToolchain } from "../../../cli/lib/toolchain";
import type { CommandContext } from "../../../packages/cli-kit/command";
import { TerraformCloudClient } from "../../../packages/terraform-cloud/client";
import { storeState } from "../../../packages/terraform-cloud/states";
import type { EnvironmentSettings, StateSettings } from "../../../stacks/settings";
import { settingsOf } from "../../support/synth";
import { TerraformCloud } from "../../support/terraform-cloud/server";

type TerraformCloudState = Extract<StateSettings, { kind: "terraform-cloud" }>;

const state: TerraformCloudState = {
  kind: "terraform-cloud",
  organization: "acme",
  teams: { platform: "write" },
  notificationUrl: "https://hooks.slack.com/services/T0/B0/x",
};
let server: TerraformCloud;
let client: TerraformCloudClient;

beforeEach(async () => {
  server = await TerraformCloud.start({
    folder: mkdtempSync(join(tmpdir(), "streamflow-terraform-cloud-")),
    organization: "acme",
    token: "secret-token",
    toolchain: await terraformToolchain(),
  });
  server.createTeam("platform");
  Object.assign(process.env, server.env);
  client = new TerraformCloudClient({ hostname: "app.terraform.io", token: "secret-token" });
});

afterEach(async () => {
  expect(server.unmodelled).toEqual([]);
  for (const name of Object.keys(server.env)) Reflect.deleteProperty(process.env, name);
  await client.close();
  await server.stop();
});

/** Lines that `npm run cloud` prints for dev. */
async function run({ dryRun = false, changed = {} } = {}): Promise<string[]> {
  const printed: string[] = [];
  const print = (line: string) => printed.push(line);
  const context = {
    steps: { run: (_: string, work: () => Promise<unknown>) => work(), line: print },
    confirmation: { yes: true, ask: undefined },
    print,
  } as unknown as CommandContext;
  const settings: EnvironmentSettings = { ...settingsOf("dev"), state: { ...state, ...changed } };
  await configureWorkspaces(settings, { dryRun }, context);
  return printed;
}

const NOTHING = ["dev: nothing to do, the workspaces are as the settings say."];
const workspace = async () => (await client.find("/organizations/acme/workspaces/streamflow-dev"))?.id ?? "";
const set = async (attributes: object) =>
  client.update(`/workspaces/${await workspace()}`, { type: "workspaces", attributes: { ...attributes } });

test("creates the workspaces; a second run has nothing to do", async () => {
  const first = await run();
  expect(first).toEqual(
    expect.arrayContaining([
      "done: create the workspace streamflow-dev",
      "done: streamflow-dev: create the variable TFC_AWS_PLAN_ROLE_ARN",
      'done: streamflow-dev: give the team platform the access "write"',
      "done: streamflow-dev: create the notification",
    ]),
  );
  expect(await run()).toEqual(NOTHING);
});

test("names what was changed in Terraform Cloud, and changes it back", async () => {
  await run();
  await set({ "auto-apply": true, "execution-mode": "local" });
  const variables = await client.list(`/workspaces/${await workspace()}/vars`);
  const role = variables.find(({ attributes }) => attributes.key === "TFC_AWS_APPLY_ROLE_ARN");
  const value = "arn:aws:iam::999999999999:role/other";
  const path = `/workspaces/${await workspace()}/vars/${role?.id}`;
  await client.update(path, { type: "vars", attributes: { value } });
  const own = String(role?.attributes.value);
  const expected = [
    "streamflow-dev: set execution-mode to remote, it is local",
    "streamflow-dev: set auto-apply to false, it is true",
    `streamflow-dev: set the variable TFC_AWS_APPLY_ROLE_ARN to ${own}, it is ${value}`,
  ];
  expect(await run({ dryRun: true })).toEqual([...expected, "dry run: nothing was changed"]);
  await run();
  expect(await run()).toEqual(NOTHING);
});

test("names a change of the settings", async () => {
  await run();
  const lines = await run({ dryRun: true, changed: { teams: { platform: "read" }, project: "Video" } });
  expect(lines[0]).toBe('create the project "Video"');
  expect(await run({ dryRun: true, changed: { teams: { platform: "read" } } })).toContain(
    'streamflow-dev: give the team platform the access "read"',
  );
});

test.each([
  [
    "another organization",
    { organization: "other" },
    'the organization "other" does not exist at app.terraform.io',
  ],
  ["a team that is not there", { teams: { nobody: "read" } }, 'the organization acme has no team "nobody"'],
] as const)("refuses %s before the first change", async (_, changed, message) => {
  await expect(run({ changed })).rejects.toThrow(message);
  await expect(client.list("/organizations/acme/workspaces")).resolves.toEqual([]);
});

test("refuses without a token, in one line that says how to get one", async () => {
  Reflect.deleteProperty(process.env, "TF_TOKEN_app_terraform_io");
  const home = process.env.HOME;
  process.env.HOME = join(tmpdir(), "nobody");
  await expect(run()).rejects.toThrow(
    "no token for app.terraform.io: run terraform login, or set TF_TOKEN_app_terraform_io. Nothing was changed",
  );
  process.env.HOME = home;
});

test("refuses a workspace with the state of another account", async () => {
  await run();
  const instances = [{ attributes: { arn: "arn:aws:sqs:us-east-1:999999999999:other" } }];
  const resources = [{ mode: "managed", type: "aws_sqs_queue", name: "other", instances }];
  const content = {
    version: 4,
    terraform_version: "1.11.4",
    serial: 7,
    lineage: "theirs",
    outputs: {},
    resources,
  };
  await storeState(client, await workspace(), JSON.stringify(content));
  await expect(run()).rejects.toThrow(
    /^the workspace streamflow-dev has the state of something else, with lineage theirs: none of its 1 resources/,
  );
});

test("tries again when it is limited", async () => {
  server.limitNext(3);
  expect(await run({ dryRun: true })).toContain("dry run: nothing was changed");
});

describe("with the review as a run task", () => {
  const URL_OF_TASK = "https://abc.execute-api.us-east-1.amazonaws.com/review";
  let aws: Server;
  /** Value of the secret with the key of signatures. */
  let secret: string | undefined;

  /** Secrets Manager with the foundation's secret, and STS. */
  async function answerAws(request: IncomingMessage): Promise<{ status: number; body: string }> {
    const body = await text(request);
    const action = request.headers["x-amz-target"];
    if (action === undefined) return { status: 200, body: IDENTITY };
    const { SecretId, SecretString } = JSON.parse(body) as Record<string, string | undefined>;
    const isKnown = SecretId === "streamflow-foundation-review-task-111111111111";
    if (action === "secretsmanager.PutSecretValue" && isKnown) secret = SecretString;
    const isMissing = !isKnown || secret === undefined;
    return isMissing
      ? { status: 400, body: JSON.stringify({ __type: "ResourceNotFoundException" }) }
      : { status: 200, body: JSON.stringify({ SecretString: secret }) };
  }

  const IDENTITY =
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111111111111</Account>" +
    "<Arn>arn:aws:iam::111111111111:user/x</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>";

  beforeEach(async () => {
    secret = undefined;
    aws = createServer((request, response) => {
      void answerAws(request).then(({ status, body }) => response.writeHead(status).end(body));
    });
    await new Promise<void>((resolve) => aws.listen(0, "127.0.0.1", resolve));
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(aws.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    });
  });
  afterEach(async () => {
    for (const name of ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
      Reflect.deleteProperty(process.env, name);
    aws.closeAllConnections();
    await new Promise<void>((resolve) => aws.close(() => resolve()));
  });

  const runWith = (dryRun = false) => run({ dryRun, changed: { reviewTask: true } });

  /** The state that a deployment of the foundation leaves. */
  async function deployFoundation(): Promise<void> {
    const foundation = await client.find("/organizations/acme/workspaces/streamflow-foundation-111111111111");
    const outputs = { review_task_url: { value: URL_OF_TASK, type: "string" } };
    const content = {
      version: 4,
      terraform_version: "1.11.4",
      serial: 1,
      lineage: "ours",
      outputs,
      resources: [],
    };
    await storeState(client, foundation?.id ?? "", JSON.stringify(content));
  }

  test("says what to do first, then adds the task with a new key, and has nothing to do", async () => {
    expect(await runWith()).toContain(
      "the review task is added when the foundation has it: deploy foundation-dev, and run this command again",
    );
    await deployFoundation();
    const task = "create the run task streamflow-review-111111111111";
    expect(await runWith(true)).toEqual([task, "dry run: nothing was changed"]);
    expect(secret).toBeUndefined();
    const done = await runWith();
    expect(done).toContain(`done: ${task}`);
    expect(done).toContain("done: streamflow-dev: ask the run task after each plan");
    expect(secret).toMatch(/^[0-9a-f]{128}$/);
    const [created] = await client.list("/organizations/acme/tasks");
    expect(created?.attributes).toMatchObject({ url: URL_OF_TASK, enabled: true });
    expect(JSON.stringify(done)).not.toContain(secret);
    expect(await runWith()).toEqual(NOTHING);
  });

  test("names a task that was turned off or is only advisory, and changes it back", async () => {
    await runWith();
    await deployFoundation();
    await runWith();
    const [created] = await client.list("/organizations/acme/tasks");
    await client.update(`/tasks/${created?.id}`, { type: "tasks", attributes: { enabled: false } });
    const path = `/workspaces/${await workspace()}/tasks`;
    const [attached] = await client.list(path);
    const attributes = { "enforcement-level": "advisory" };
    await client.update(`${path}/${attached?.id}`, { type: "workspace-tasks", attributes });
    expect(await runWith(true)).toEqual([
      "run task streamflow-review-111111111111: set enabled to true, it is false",
      "streamflow-dev: make the run task mandatory",
      "dry run: nothing was changed",
    ]);
    await runWith();
    expect(await runWith()).toEqual(NOTHING);
  });
});
