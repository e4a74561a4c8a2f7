import { createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ProxyAgent, request } from "undici";
import { terraformToolchain } from "../../cli/lib/toolchain";
import { explainStale } from "../../cli/delivery/saved-plan";
import { TerraformStack } from "../../packages/terraform/terraform-stack";
import type { TerraformToolchain } from "../../packages/terraform/toolchain";
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

describe("with a run task after the plan", () => {
  const asked: { signature: unknown; body: string }[] = [];
  let verdict: "passed" | "failed" = "failed";
  let task: Server;

  /** A task that reads the plan with the token of the request, and answers at its callback. */
  async function answerTask(body: string): Promise<void> {
    const asking = JSON.parse(body) as Record<
      "access_token" | "plan_json_api_url" | "task_result_callback_url",
      string
    >;
    const headers = {
      authorization: `Bearer ${asking.access_token}`,
      "content-type": "application/vnd.api+json",
    };
    const plan = JSON.parse((await send("GET", asking.plan_json_api_url, { headers })).text) as object;
    const attributes = {
      status: verdict,
      message: Object.keys(plan).join(" "),
      url: "https://example.com/review",
    };
    const data = JSON.stringify({ data: { type: "task-results", attributes } });
    await send("PATCH", asking.task_result_callback_url, { headers, body: data });
  }

  beforeAll(async () => {
    task = createServer((incoming, response) => {
      void text(incoming).then((body) => {
        asked.push({ signature: incoming.headers["x-tfc-task-signature"], body });
        response.end();
        void answerTask(body);
      });
    });
    await new Promise<void>((resolve) => task.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(task.address() as AddressInfo).port}`;
    const created = await api("POST", "/organizations/acme/tasks", {
      type: "tasks",
      attributes: { name: "review", url, "hmac-key": "key", category: "task", enabled: true },
    });
    const { data } = JSON.parse(created.text) as { data: { id: string } };
    await stackIn("streamflow-task").init();
    await api("POST", `/workspaces/${await workspaceId("streamflow-task")}/tasks`, {
      type: "workspace-tasks",
      attributes: { "enforcement-level": "mandatory", stages: ["post_plan"] },
      relationships: { task: { data: { id: data.id, type: "tasks" } } },
    });
  });
  afterAll(() => task.close());

  test("a plan that the task fails can't be applied", async () => {
    await expect(stackIn("streamflow-task").plan(silent)).rejects.toThrow("Task Stage failed");
    expect(server.runsOf("streamflow-task")[0]?.attributes.status).toBe("errored");
    const [{ signature, body = "" } = {}] = asked;
    expect(signature).toBe(createHmac("sha512", "key").update(body).digest("hex"));
    expect(JSON.parse(body)).toMatchObject({ stage: "post_plan", workspace_name: "streamflow-task" });
  });

  test("a plan that the task passes is applied", async () => {
    verdict = "passed";
    const stack = stackIn("streamflow-task");
    await stack.plan(silent);
    await stack.apply(NOTHING, silent);
    await expect(stack.outputs()).resolves.toEqual({ input: "one" });
  });
});
