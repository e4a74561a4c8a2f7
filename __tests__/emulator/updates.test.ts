import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { Deployment } from "../../cli/start/deploy";
import { RunFolder } from "../../cli/start/run-folder";
import { Steps } from "../../packages/cli-kit/progress";
import { startEmulator } from "../../packages/embedded-aws/servers/emulator";
import { cfnLint, creationsOf } from "../support/cfn-lint";
import { changesOfDev } from "../support/changed-settings";
import { expectNoFaults } from "../support/faults";
import { applied, type Place, synthesizedIn } from "./applied-settings";
import { unrecordedAsks } from "./delivery-asks";
import { domainJourney } from "./domain-journey";
import { refusalsOf } from "./refusals";

const { before, changed } = changesOfDev;
let place: Place;
let deployment: Deployment;

const apply = async (settings: typeof before, name: string): Promise<Deployment> =>
  (deployment = await applied(place, synthesizedIn(place, name, settings)));

beforeAll(async () => {
  const run = RunFolder.open({ name: "updates-test", once: true, fresh: true });
  place = {
    folder: mkdtempSync(join(tmpdir(), "streamflow-updates-")),
    run,
    emulator: await startEmulator({ accountId: before.account, log: run.log("emulator") }),
    steps: new Steps(new PassThrough()),
  };
});

afterAll(async () => {
  place.steps.end();
  await place.emulator.stop();
  place.run.release();
  rmSync(place.folder, { recursive: true });
});

test("a change of every block is applied to what runs, and leaves nothing to do", async () => {
  await apply(before, "before");
  expect(deployment.outputs.url).toMatch(/\.cloudfront\.net$/);
  await apply(changed, "changed");
});

describe("with the hosted zone that was added, a browser at the domain", () =>
  domainJourney(() => ({ place, deployment, settings: changed })));

test("the settings before are applied back, and leave nothing to do", async () => {
  await apply(before, "back");
  const { refused, unknown } = await refusalsOf(place.emulator.endpoint);
  expect({ refused, unknown }).toEqual({ refused: [], unknown: [] });
  expect(await cfnLint(await creationsOf(place.emulator.endpoint), before.region)).toEqual([]);
});

test("is destroyed by the apply role to nothing", async () => {
  await deployment.stack.destroy(deployment.resources, () => undefined);
  expect(await deployment.stack.addresses()).toEqual([]);
  expect(await deployment.deliveryRoles?.permissions.check()).toContain("all allowed by their policies");
});

test.each(["plan", "apply"] as const)("every permission that the %s role needs is recorded", async (role) => {
  expectNoFaults(await unrecordedAsks(place.emulator.endpoint, role, before));
});
