import { createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProxyAgent, request } from "undici";
import { terraformToolchain } from "../../cli/lib/toolchain";
import { explainStale } from "../../cli/delivery/saved-plan";
import { TerraformStack } from "../../packages/terraform/terraform-stack";
import type { TerraformToolchain } from "../../packages/terraform/toolchain";
import { ReviewTask } from "../support/review-task";
import { TerraformCloud } from "../support/terraform-cloud/server";

const silent = () => undefined;
const NOTHING = { add: 0, change: 0, remove: 0 };

let toolchain: TerraformToolchain;
let home: string;
let server: TerraformCloud;

beforeAll(async () => {
  toolchain = await terraformToolchain();
  home = mkdtempSync(join(tmpdir(), "streamflow-terraform-cloud-"));
  server = await TerraformCloud.start({
    folder: join(home, "cloud"),
    organization: "acme",
    token: "secret-token",
    toolchain,
  });
});
afterAll(() => server.stop());
afterEach(() => expect(server.unmodelled).toEqual([]));

/** Terraform's own resource needs no provider; everything else is as for a real stack. */
const configuration = (workspace: string, input: string) =>
  JSON.stringify({
    terraform: {
      cloud: { organization: "acme", workspaces: { name: workspace } },
    },
    resource: { terraform_data: { media: { input } } },
    output: { input: { value: "${terraform_data.media.output}" } },
  });

/** A clone of a stack whose state is in the workspace. */
function stackIn(workspace: string, { clone = "one", input = "one" } = {}): TerraformStack {
  const cloud = workspace === "streamflow-local" ? "local" : "remote";
  const folder = join(home, workspace, clone);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "cdk.tf.json"), configuration(workspace, input));
  const place = { toolchain, folder, env: server.env, log: join(folder, "log") };
  return new TerraformStack(place, join(folder, "plan.tfplan"), { parallelism: 10, cloud });
}

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | null | undefined;
}

async function send(
  method: string,
  url: string,
  { headers, body = null }: Sent,
): Promise<{ status: number; text: string }> {
  const dispatcher = new ProxyAgent({
    uri: server.proxyUrl,
    requestTls: { ca: readFileSync(server.caFile) },
  });
  const response = await request(url, { method: method, dispatcher, headers, body });
  const text = await response.body.text();
  await dispatcher.close();
  return { status: response.statusCode, text };
}

/** The API as a person with the token. */
function api(method: string, path: string, data?: object): Promise<{ status: number; text: string }> {
  const headers = { authorization: "Bearer secret-token", "content-type": "application/vnd.api+json" };
  return send(method, `https://app.terraform.io/api/v2${path}`, {
    headers,
    body: data && JSON.stringify({ data }),
  });
}

const workspaceId = async (name: string): Promise<string> =>
  (JSON.parse((await api("GET", `/organizations/acme/workspaces/${name}`)).text) as { data: { id: string } })
    .data.id;

describe.each(["remote", "local"])("with %s execution", (mode) => {
  const workspace = `streamflow-${mode}`;
  beforeAll(async () => {
    await stackIn(workspace).init();
    await api("PATCH", `/workspaces/${await workspaceId(workspace)}`, {
      type: "workspaces",
      attributes: { "execution-mode": mode },
    });
  });

  test("a saved plan is applied, the state is there, and the second plan is empty", async () => {
    const stack = stackIn(workspace);
    await expect(stack.plan(silent)).resolves.toMatchObject({ empty: false });
    expect((await stack.readPlan()).resource_changes).toMatchObject([{ address: "terraform_data.media" }]);
    await stack.apply(NOTHING, silent);
    await expect(stack.outputs()).resolves.toEqual({ input: "one" });
    expect(server.statesOf(workspace)).toHaveLength(1);
    await expect(stack.plan(silent)).resolves.toMatchObject({ empty: true });
  });

  test("a second clone reads the state", async () => {
    const other = stackIn(workspace, { clone: "two" });
    await other.init();
    await expect(other.addresses()).resolves.toEqual(["terraform_data.media"]);
    await expect(other.plan(silent)).resolves.toMatchObject({ empty: true });
  });

  test("a stale saved plan is refused", async () => {
    const late = stackIn(workspace, { clone: "late", input: "two" });
    await late.init();
    await late.plan(silent);
    const stack = stackIn(workspace, { input: "three" });
    await stack.plan(silent);
    await stack.apply(NOTHING, silent);
    const applied = late.apply(NOTHING, silent).catch((error: unknown) => {
      throw explainStale(error, "dev");
    });
    await expect(applied).rejects.toThrow(/^the plan is stale: the state of dev .* Nothing was applied/);
    await expect(stack.outputs()).resolves.toEqual({ input: "three" });
  });

  test("a state is pushed as the successor of the current one, and not one of another lineage", async () => {
    const stack = stackIn(workspace, { input: "three" });
    const state = JSON.parse(await stack.pullState()) as { serial: number; lineage: string };
    const file = join(home, `${mode}.tfstate`);
    writeFileSync(file, JSON.stringify({ ...state, serial: state.serial + 1 }));
    await stack.pushState(file);
    // Terraform itself counts one further than the pushed file.
    expect(server.statesOf(workspace)[0]?.attributes.serial).toBe(state.serial + 2);
    writeFileSync(file, JSON.stringify({ ...state, serial: state.serial + 9, lineage: "another" }));
    await expect(stack.pushState(file)).rejects.toThrow("lineage");
  });
});

test("locks: a local plan is refused, and a remote run waits, while another holds the workspace", async () => {
  const id = await workspaceId("streamflow-local");
  await api("POST", `/workspaces/${id}/actions/lock`, {});
  await expect(api("POST", `/workspaces/${id}/actions/lock`, {})).resolves.toMatchObject({ status: 409 });
  await expect(stackIn("streamflow-local").plan(silent)).rejects.toThrow("workspace already locked");
  await api("POST", `/workspaces/${id}/actions/unlock`, {});
  await expect(stackIn("streamflow-local", { input: "three" }).plan(silent)).resolves.toMatchObject({
    empty: true,
  });
});

test("an answer of 429 is followed by another try", async () => {
  server.limitNext(3);
  await expect(stackIn("streamflow-local").addresses()).resolves.toEqual(["terraform_data.media"]);
});

test("a wrong token and another organization are refused", async () => {
  const folder = join(home, "refused");
  mkdirSync(folder);
  writeFileSync(
    join(folder, "cdk.tf.json"),
    configuration("streamflow-local", "one").replace("acme", "other"),
  );
  const stackWith = (env: Record<string, string>) =>
    new TerraformStack({ toolchain, folder, env, log: join(folder, "log") }, join(folder, "plan"), {
      parallelism: 10,
      cloud: "local",
    });
  await expect(stackWith(server.env).init()).rejects.toThrow(/organization "other" at host .* not found/);
  const wrong = Object.fromEntries(
    Object.entries(server.env).map(([name, value]) => [name, name.startsWith("TF_TOKEN") ? "wrong" : value]),
  );
  await expect(stackWith(wrong).init()).rejects.toThrow("unauthorized");
});

describe("with the review as a run task after the plan", () => {
  const KEY = "signature-key";
  let task: ReviewTask;

  /** A stack whose output has a secret, which blocks the plan, or has none. */
  function stackWith(output: string): TerraformStack {
    const stack = stackIn("streamflow-task", { clone: output });
    const json = JSON.parse(configuration("streamflow-task", "one")) as { output: object };
    const file = join(home, "streamflow-task", output, "cdk.tf.json");
    writeFileSync(file, JSON.stringify({ ...json, output: { [output]: { value: "s3cr3tPassw0rd" } } }));
    return stack;
  }

  const runStatus = (): unknown => server.runsOf("streamflow-task")[0]?.attributes.status;

  beforeAll(async () => {
    task = await ReviewTask.start({ key: KEY, env: server.env });
    const created = await api("POST", "/organizations/acme/tasks", {
      type: "tasks",
      attributes: { name: "review", url: task.url, "hmac-key": KEY, category: "task", enabled: true },
    });
    const { data } = JSON.parse(created.text) as { data: { id: string } };
    await stackWith("title").init();
    await api("POST", `/workspaces/${await workspaceId("streamflow-task")}/tasks`, {
      type: "workspace-tasks",
      attributes: { "enforcement-level": "mandatory", stages: ["post_plan"] },
      relationships: { task: { data: { id: data.id, type: "tasks" } } },
    });
  });
  afterAll(() => task.stop());

  test("a blocked plan is stopped, and its review is shown with the run", async () => {
    const blocked = stackWith("admin_password");
    await blocked.init();
    await expect(blocked.plan(silent)).rejects.toThrow("Task Stage failed");
    await task.finished();
    expect(runStatus()).toBe("errored");
    const [{ attributes, outcomes = [] } = {}] = server.taskResults();
    expect(attributes).toMatchObject({
      status: "failed",
      message: expect.stringMatching(
        /^blocked: the output admin_password .*; digest [0-9a-f]{12}$/,
      ) as string,
      url: expect.stringMatching(/^https:\/\/app\.terraform\.io\/app\/runs\/run-/) as string,
    });
    expect(outcomes[0]).toMatchObject({
      "outcome-id": "review",
      body: expect.stringContaining("⛔ blocked") as string,
      tags: { Status: [{ label: "blocked", level: "error" }] },
    });
    expect(JSON.stringify(outcomes)).not.toContain("s3cr3tPassw0rd");
  });

  test("a plan that is not blocked passes, and is applied", async () => {
    const stack = stackWith("title");
    await stack.plan(silent);
    await stack.apply(NOTHING, silent);
    await task.finished();
    await expect(stack.outputs()).resolves.toEqual({ title: "s3cr3tPassw0rd" });
    expect(server.taskResults().at(-1)?.attributes).toMatchObject({ status: "passed" });
  });

  test("requests with a wrong signature or of another host are refused, and answer nothing", async () => {
    const sent = async (body: string, signature: string) =>
      (await fetch(task.url, { method: "POST", body, headers: { "x-tfc-task-signature": signature } }))
        .status;
    const signed = (body: string) => createHmac("sha512", KEY).update(body).digest("hex");
    const body = JSON.stringify({
      access_token: "token",
      stage: "post_plan",
      workspace_name: "streamflow-task",
      plan_json_api_url: "https://app.terraform.io/api/v2/plans/plan-1/json-output",
      task_result_callback_url: "https://app.terraform.io.example.com/callback",
      run_app_url: "https://app.terraform.io/app/runs/run-1",
    });
    const before = server.taskResults().length;
    await expect(sent(body, "")).resolves.toBe(401);
    await expect(sent(body, signed(`${body} `))).resolves.toBe(401);
    await expect(sent(body, signed(body))).resolves.toBe(400);
    await expect(sent("[1", signed("[1"))).resolves.toBe(400);
    const test = JSON.stringify({ access_token: "test-token" });
    await expect(sent(test, signed(test))).resolves.toBe(200);
    await task.finished();
    expect(server.taskResults()).toHaveLength(before);
  });

  test("a plan that can't be read fails", async () => {
    const stack = stackWith("title");
    server.breakPlans(true);
    await expect(stack.plan(silent)).rejects.toThrow("Task Stage failed");
    server.breakPlans(false);
    expect(server.taskResults().at(-1)?.attributes).toMatchObject({
      status: "failed",
      message: expect.stringContaining("could not be reviewed") as string,
    });
  });
});
