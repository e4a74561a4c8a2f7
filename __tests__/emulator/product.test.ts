import { readFileSync } from "node:fs";
import { join } from "node:path";
import { logFolder } from "../../packages/cli-kit/paths";
import { until } from "../../packages/cli-kit/wait-until";
import { clientConfig } from "../../packages/embedded-aws/client";
import { SAMPLE_USER } from "../../cli/start/sample-user";
import { cfnLint, creationsOf } from "../support/cfn-lint";
import { DESKTOP, PHONE } from "../support/browser";
import { expectNoFaults } from "../support/faults";
import { committedSettingsOf } from "../support/synth";
import { Start } from "../support/start";
import { consoleJourney } from "./console-journey";
import { hostileRequests } from "./hostile-requests";
import { invalidatedPaths } from "./invalidated-paths";
import { largeUpload } from "./large-upload";
import { unrecordedAsks } from "./delivery-asks";
import { NO_REFUSALS, refusalsOf } from "./refusals";
import { recoveryJourney } from "./recovery-journey";
import { uploadingJourney } from "./uploading-journey";
import { viewerJourney } from "./viewer-journey";
import { synthesizedDev } from "./synthesized-dev";

/** `npm start`, and creators and viewers with browsers. */
let first: Start;
const RUN = "emulator-test";

beforeAll(async () => {
  first = new Start("--fresh", "--name", RUN);
  await first.verified();
});

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

test("runs the migrations in the apply", () => {
  expect(first.line("migrations")).toMatch(/^migrations: applied 0001-media, 0002-/);
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
  const config = clientConfig(first.endpoint, committedSettingsOf("dev").region);
  await until("the video is invalidated", async () => (await invalidatedPaths(config)).length > 0);
  expect(await invalidatedPaths(config)).toContainEqual(
    expect.stringMatching(/^\/stream\/[0-9a-f-]{36}\/\*$/),
  );
});

test("logs the media function and the processor in to the cache, each as its own user", () => {
  const logins = readFileSync(join(logFolder, RUN, "cache-logins.log"), "utf8");
  for (const consumer of ["media", "processor"]) {
    expect(logins).toContain(`user "streamflow-dev-cache-${consumer}" logged in`);
  }
  expect(logins).not.toContain("refused");
});

describe("the console, in a browser", () =>
  consoleJourney(
    () => first.serving(),
    () => first.endpoint,
  ));

describe.each([
  ["phone", PHONE],
  ["desktop", DESKTOP],
] as const)("uploads on a %s, in a browser", (name, device) =>
  uploadingJourney(name, device, () => first.serving()),
);

describe("two creators and viewers without account, in browsers", () =>
  viewerJourney(
    () => first.serving(),
    () => first.endpoint,
  ));

describe("a creator after failures: another device, failed videos, no network", () =>
  recoveryJourney({ serving: () => first.serving(), endpoint: () => first.endpoint, run: RUN }));

describe("a large upload", () => {
  largeUpload(
    () => first.serving(),
    () => first.endpoint,
  );
});

describe("hostile requests through the edge and the gateway", () =>
  hostileRequests(
    () => first.serving(),
    () => first.endpoint,
  ));

test("asks AWS for nothing that a role may not do", () => {
  expect(first.output).not.toContain("AWS would deny");
  expect(first.line("permissions")).toMatch(/[1-9]\d+ requests by [3-9] roles, all allowed/);
});

test("does nothing that AWS's own models would refuse, and all of it is known to them", async () => {
  expect(await refusalsOf(first.endpoint)).toEqual(NO_REFUSALS);
});

test("cfn-lint finds nothing wrong in what was created", async () => {
  const creations = await creationsOf(first.endpoint);
  expect(creations.length).toBeGreaterThan(6);
  expect(await cfnLint(creations, committedSettingsOf("dev").region)).toEqual([]);
});

test("is planned and applied by the pipeline's roles, which ask for nothing that their policies deny", () => {
  expect(first.line("delivery roles")).toMatch(
    /[1-9]\d{2,} requests by 2 roles, all allowed by their policies/,
  );
});

test.each(["plan", "apply"] as const)("every permission that the %s role needs is recorded", async (role) => {
  expectNoFaults(await unrecordedAsks(first.endpoint, role, committedSettingsOf("dev")));
});

test("exits with code 0 after Ctrl-C", async () => {
  const { code, output } = await first.stop();
  expect(code === 0 ? "" : output).toBe("");
});
