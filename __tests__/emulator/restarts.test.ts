import { CloudWatchClient, DeleteDashboardsCommand, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { DeleteFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { clientConfig } from "../../packages/embedded-aws/client";
import { committedSettingsOf } from "../support/synth";
import { Start } from "../support/start";
import { NO_REFUSALS, refusalsOf } from "./refusals";
import { rehearsal } from "./rehearsal";

/** `npm start`, Ctrl-C, and the following starts; then every command against the last of them. */
const NAME = "restart-test";
let first: Start;
let again: Start;
let repaired: Start;

beforeAll(async () => {
  first = new Start("--fresh", "--name", NAME);
  await first.verified();
});

/** Stops it; returns its output if it failed. */
async function faultOfStop(start: Start): Promise<string> {
  const { code, output } = await start.stop();
  return code === 0 ? "" : output;
}

/** Deletes all dashboards in dev's region; returns their number. */
async function deleteDashboards(endpoint: string): Promise<number> {
  const client = new CloudWatchClient(clientConfig(endpoint, committedSettingsOf("dev").region));
  const { DashboardEntries = [] } = await client.send(new ListDashboardsCommand({}));
  const DashboardNames = DashboardEntries.map(({ DashboardName = "" }) => DashboardName);
  await client.send(new DeleteDashboardsCommand({ DashboardNames }));
  return DashboardNames.length;
}

async function deleteFunction(endpoint: string, FunctionName: string): Promise<void> {
  const client = new LambdaClient(clientConfig(endpoint, committedSettingsOf("dev").region));
  await client.send(new DeleteFunctionCommand({ FunctionName }));
}

describe("Ctrl-C, and npm start", () => {
  const video = /^a video: (\S+)/m;

  beforeAll(async () => {
    expect(await faultOfStop(first)).toBe("");
    again = new Start("--name", NAME);
    await again.serving();
  });

  test("serves the existing resources before Terraform plans, and the plan is empty", async () => {
    const served = again.output;
    expect(again.line("dev")).toBe("dev: unchanged since the last verified run");
    expect(served).not.toContain("terraform plan:");
    expect(again.line("migrations")).toContain("none to apply, version");
    await again.verified();
    expect(again.line("foundation plan")).toContain("0 to add, 0 to change, 0 to destroy");
    expect(again.line("terraform plan")).toContain("0 to add, 0 to change, 0 to destroy");
    expect(again.output).not.toContain("terraform apply:");
  });

  test("still has the first video, and creates no other", () => {
    expect(video.test(first.output)).toBe(true);
    expect(video.test(again.output)).toBe(false);
  });
});

describe("Ctrl-C, and npm start after a resource was deleted outside Terraform", () => {
  let dashboards: number;

  beforeAll(async () => {
    dashboards = await deleteDashboards(again.endpoint);
    expect(await faultOfStop(again)).toBe("");
    repaired = new Start("--name", NAME);
    await repaired.verified();
  });

  test("creates it again, and serves again", async () => {
    expect(dashboards).toBeGreaterThan(0);
    expect(repaired.output).toContain("dev: unchanged since the last verified run\n");
    expect(repaired.output).toContain("dev: changed since the earlier run");
    expect(repaired.line("terraform apply")).toContain(`${dashboards} added, 0 changed, 0 destroyed`);
    expect(repaired.line("second plan")).toContain("empty");
    const product = await repaired.serving();
    expect((await fetch(`${product}/api/health`)).status).toBe(200);
  });
});

describe("Ctrl-C, and npm start after a function was deleted outside Terraform", () => {
  let recreated: Start;

  beforeAll(async () => {
    await deleteFunction(repaired.endpoint, "streamflow-dev-migrate");
    expect(await faultOfStop(repaired)).toBe("");
    recreated = new Start("--name", NAME);
    await recreated.verified();
  });

  test("brings it back before it serves", async () => {
    expect(recreated.output).toContain("dev: unchanged since the last verified run\n");
    expect(recreated.output).toContain("dev: the earlier deployment can't be served (");
    // The run of the migrations is replaced, as for every new version of their function.
    expect(recreated.line("terraform apply")).toMatch(/[1-9]\d* added, \d+ changed, [01] destroyed/);
    expect(recreated.line("migrations")).toMatch(/^migrations: none to apply/);
    expect(recreated.line("second plan")).toContain("empty");
    const product = await recreated.serving();
    expect((await fetch(`${product}/api/health`)).status).toBe(200);
  });

  describe("every command, with the file of npm start sourced", () =>
    rehearsal(NAME, () => recreated.endpoint));

  test("asks for nothing more that AWS's own models would refuse", async () => {
    // npm run doctor asks a service that the emulator lacks, and says so
    const unknown = ["servicequotas: GetServiceQuota"];
    expect(await refusalsOf(recreated.endpoint)).toEqual({ ...NO_REFUSALS, unknown });
  });

  test("exits with code 0", async () => {
    expect(await faultOfStop(recreated)).toBe("");
  });
});
