import { CloudWatchClient, DeleteDashboardsCommand, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { DeleteFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { logFolder } from "../../packages/cli-kit/paths";
import { until } from "../../packages/cli-kit/wait-until";
import { clientConfig } from "../../packages/embedded-aws/client";
import { SAMPLE_USER } from "../../cli/start/sample-user";
import { cfnLint, creationsOf } from "../support/cfn-lint";
import { expectNoFaults } from "../support/faults";
import { committedSettingsOf } from "../support/synth";
import { Start } from "../support/start";
import { consoleJourney } from "./console-journey";
import { invalidatedPaths } from "./invalidated-paths";
import { largeUpload } from "./large-upload";
import { unrecordedAsks } from "./delivery-asks";
import { rehearsal } from "./rehearsal";
import { NO_REFUSALS, refusalsOf } from "./refusals";
import { viewerJourney } from "./viewer-journey";
import { synthesizedDev } from "./synthesized-dev";

/** `npm start`, a creator with a browser, Ctrl-C, and the following starts. */
let first: Start;
let again: Start;
let repaired: Start;

beforeAll(async () => {
  first = new Start("--fresh", "--name", "emulator-test");
  await first.verified();
});

/** Stops it; returns its output if it failed. */
async function faultOfStop(start: Start): Promise<string> {
  const { code, output } = await start.stop();
  return code === 0 ? "" : output;
}

const endpointOf = ({ output }: Start): string => /^AWS +(http\S+)/m.exec(output)?.[1] ?? "";

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

test("applies exactly the file that npm run synth writes, and plans nothing more", () => {
  const { sha256, resources } = synthesizedDev();
  expect(first.line("synth")).toContain(sha256);
  expect(first.line("terraform apply")).toContain(`${resources} added, 0 changed, 0 destroyed`);
  expect(first.line("second plan")).toContain("empty");
});

test("says at last where the product is, and who can sign in", async () => {
  const url = await first.serving();
  await first.said(/^open http/m);
  const { email, password } = SAMPLE_USER;
  expect(first.output).toContain(`(second plan empty)\nopen ${url} and sign in as ${email}, ${password}\n`);
});

test("stores the state in the foundation's bucket, and the foundation's state next to it", () => {
  expect(first.line("foundation")).toMatch(/\d+ added, 0 changed, 0 destroyed/);
  expect(first.line("foundation's second plan")).toContain("empty, state is in its own bucket");
});

test("creates the roles of AWS's services, without which AWS refuses what needs them", () => {
  expect(first.line("service-linked roles")).toMatch(
    /created for ecs\.amazonaws\.com, .*rds\.amazonaws\.com/,
  );
});

test("answers GET /health and GET /media through the deployed API", () => {
  expect(first.line("GET /health")).toContain('200 {"database":"up","cache":"up"}');
  expect(first.line("GET /media")).toContain('200 {"items":[');
});

test("makes the synthetic check once, also in an environment without one", () => {
  expect(first.line("synthetic check")).toMatch(/succeeded \(from here.*played and deleted/);
});

test("invalidates what CloudFront has cached of the video that the check deleted", async () => {
  const config = clientConfig(endpointOf(first), committedSettingsOf("dev").region);
  await until("the video is invalidated", async () => (await invalidatedPaths(config)).length > 0);
  expect(await invalidatedPaths(config)).toContainEqual(
    expect.stringMatching(/^\/stream\/[0-9a-f-]{36}\/\*$/),
  );
});

test("logs the media function and the processor in to the cache, each as its own user", () => {
  const logins = readFileSync(join(logFolder, "emulator-test/cache-logins.log"), "utf8");
  for (const consumer of ["media", "processor"]) {
    expect(logins).toContain(`user "streamflow-dev-cache-${consumer}" logged in`);
  }
  expect(logins).not.toContain("refused");
});

describe("the console, in a browser", () =>
  consoleJourney(
    () => first.serving(),
    () => endpointOf(first),
  ));

describe("a creator and viewers without account, in browsers", () => viewerJourney(() => first.serving()));

describe("a large upload", () => {
  largeUpload(
    () => first.serving(),
    () => endpointOf(first),
  );
});

test("asks AWS for nothing that a role may not do", () => {
  expect(first.output).not.toContain("AWS would deny");
  expect(first.line("permissions")).toMatch(/[1-9]\d+ requests by [3-9] roles, all allowed/);
});

test("does nothing that AWS's own models would refuse, and all of it is known to them", async () => {
  expect(await refusalsOf(endpointOf(first))).toEqual(NO_REFUSALS);
});

test("cfn-lint finds nothing wrong in what was created", async () => {
  const creations = await creationsOf(endpointOf(first));
  expect(creations.length).toBeGreaterThan(6);
  expect(await cfnLint(creations, committedSettingsOf("dev").region)).toEqual([]);
});

test("is planned and applied by the pipeline's roles, which ask for nothing that their policies deny", () => {
  expect(first.line("delivery roles")).toMatch(
    /[1-9]\d{2,} requests by 2 roles, all allowed by their policies/,
  );
});

test.each(["plan", "apply"] as const)("every permission that the %s role needs is recorded", async (role) => {
  expectNoFaults(await unrecordedAsks(endpointOf(first), role, committedSettingsOf("dev")));
});

describe("Ctrl-C, and npm start", () => {
  const video = /^a video: (\S+)/m;

  beforeAll(async () => {
    expect(await faultOfStop(first)).toBe("");
    again = new Start("--name", "emulator-test");
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
    dashboards = await deleteDashboards(endpointOf(again));
    expect(await faultOfStop(again)).toBe("");
    repaired = new Start("--name", "emulator-test");
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
    await deleteFunction(endpointOf(repaired), "streamflow-dev-migrate");
    expect(await faultOfStop(repaired)).toBe("");
    recreated = new Start("--name", "emulator-test");
    await recreated.verified();
  });

  test("brings it back before it serves", async () => {
    expect(recreated.output).toContain("dev: unchanged since the last verified run\n");
    expect(recreated.output).toContain("dev: the earlier deployment can't be served (");
    expect(recreated.line("terraform apply")).toMatch(/[1-9]\d* added, \d+ changed, 0 destroyed/);
    expect(recreated.line("second plan")).toContain("empty");
    const product = await recreated.serving();
    expect((await fetch(`${product}/api/health`)).status).toBe(200);
  });

  describe("every command, with the file of npm start sourced", () =>
    rehearsal("emulator-test", () => endpointOf(recreated)));

  test("asks for nothing more that AWS's own models would refuse", async () => {
    // npm run doctor asks a service that the emulator lacks, and says so
    const unknown = ["servicequotas: GetServiceQuota"];
    expect(await refusalsOf(endpointOf(recreated))).toEqual({ ...NO_REFUSALS, unknown });
  });

  test("exits with code 0", async () => {
    expect(await faultOfStop(recreated)).toBe("");
  });
});
