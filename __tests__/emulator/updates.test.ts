import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { Deployment } from "../../cli/start/deploy";
import { RunFolder } from "../../cli/start/run-folder";
import { Steps } from "../../packages/cli-kit/progress";
import { cfnLint, creationsOf } from "../support/cfn-lint";
import { changesOfDev } from "../support/changed-settings";
import { expectNoFaults } from "../support/faults";
import { applied, type Place, synthesizedIn } from "./applied-settings";
import { unrecordedAsks } from "./delivery-asks";
import { domainJourney } from "./domain-journey";
import { PullRequestJourney } from "./pull-request-journey";
import { refusalsOf } from "./refusals";
import { startAws } from "./running-aws";

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
    aws: await startAws(run, before),
    steps: new Steps(new PassThrough()),
  };
});

afterAll(async () => {
  place.steps.end();
  await place.aws.stop();
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
  const { refused, unknown } = await refusalsOf(place.aws.emulator.endpoint);
  expect({ refused, unknown }).toEqual({ refused: [], unknown: [] });
  expect(await cfnLint(await creationsOf(place.aws.emulator.endpoint), before.region)).toEqual([]);
});

describe("with the environment of a pull request beside it", () => {
  let journey: PullRequestJourney;
  beforeAll(() => void (journey = new PullRequestJourney(place, before)));
  afterAll(() => journey.release());

  test("the foundation plans it, and a fourth environment, in place", async () => {
    const changes = await journey.plannedFoundation("demo");
    const foreign = changes.filter((line) => !/^create aws_\w+\.(demo|pr)_/.test(line));
    // the states of the new environments are denied to the apply role of the old one
    expect(foreign).toEqual([`update aws_iam_policy.${before.name}_boundary`]);
    expect(changes.length).toBeGreaterThan(20);
  });

  test("its roles deploy it, and it is the one that counts", async () => {
    const { outputs } = await journey.deploy();
    expect(outputs.url).toMatch(/\.cloudfront\.net$/);
    expect(await journey.deployed()).toEqual([journey.name]);
  });

  test("both are destroyed at the same time to nothing, each by its apply role", async () => {
    const [left] = await Promise.all([
      journey.destroy(),
      deployment.stack.destroy(deployment.resources, () => undefined),
    ]);
    expect(left).toEqual([]);
    expect(await journey.deployed()).toEqual([]);
  });
});

test("nothing is left in the state, and the apply role was allowed all of it", async () => {
  expect(await deployment.stack.addresses()).toEqual([]);
  expect(await deployment.deliveryRoles?.permissions.check()).toContain("all allowed by their policies");
});

test.each(["plan", "apply"] as const)("every permission that the %s role needs is recorded", async (role) => {
  expectNoFaults(await unrecordedAsks(place.aws.emulator.endpoint, role, before));
});
