import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { S3 } from "@aws-sdk/client-s3";
import { clientConfig, startEmulator } from "../../harness/local-servers";
import { countChanges, describeCounts } from "@packages/terraform/plan-counts";
import type { Prepared } from "../lib/prepared-stack";
import { readPlan } from "@packages/terraform/plan";
import { restore } from "../backup-restore/state/restore";
import { parseState, type StateResource } from "@packages/terraform/state";
import { type Drill, type DrillResult, type Objectives, type Scene, secondOver, since } from "./result";
import { PLACE, prepareSmallStack, REGION, type SmallStack, writeSmallStack } from "./small-stack";
import { stepsTo } from "./drill-steps";

/** Terraform writes a version at each change, so nothing may be lost. */
const OBJECTIVES: Objectives = { rpoSeconds: 0, rtoSeconds: 900 };

export interface StateDrillOptions {
  readonly folder: string;
  readonly resources: number;
  readonly tell: (line: string) => void;
}

interface Stage {
  readonly s3: S3;
  readonly prepared: Prepared;
  readonly tell: (line: string) => void;
}

/**
 * Deploys a small stack twice with its state in S3, loses the state in two ways, and restores it with the code of `npm
 * run restore`. The plan must be empty afterwards.
 */
export async function stateDrill({ folder, resources, tell }: StateDrillOptions): Promise<DrillResult> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const emulator = await startEmulator({ accountId: "111111111111", log: join(folder, "emulator.log") });
  const s3 = new S3(clientConfig(emulator.endpoint, REGION));
  try {
    await s3.createBucket({ Bucket: PLACE.bucket });
    await s3.putBucketVersioning({
      Bucket: PLACE.bucket,
      VersioningConfiguration: { Status: "Enabled" },
    });
    const prepared = await prepareSmallStack({ folder, endpoint: emulator.endpoint });
    const stage = { s3, prepared, tell };
    await prepared.stack.init();
    await deploy(prepared, { resources, days: 7 });
    const old = await prepared.stack.pullState();
    await deploy(prepared, { resources: 2 * resources, days: 14 });
    tell(`deployed ${resources} resources, then changed them and added ${resources}`);
    const scenes = [
      await scene(stage, "overwritten by an old state", () => put(s3, old)),
      await scene(stage, "deleted", () => s3.deleteObject({ Bucket: PLACE.bucket, Key: PLACE.key })),
    ];
    return {
      title: "Terraform's state",
      unit: "resources",
      objectives: OBJECTIVES,
      setup: "A small stack with its state in a versioned bucket, by Terraform itself.",
      scenes,
      meaning: "Compared are the resources in the state; the next plan must be empty.",
    };
  } finally {
    s3.destroy();
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

export const state: Drill = { run: (folder, tell) => stateDrill({ folder, tell, resources: 20 }) };

async function deploy({ stack, synthesized }: Prepared, small: SmallStack): Promise<void> {
  writeSmallStack(synthesized.folder, small);
  await stack.apply(await stack.plan(() => undefined), () => undefined);
}

const put = (s3: S3, Body: string) => s3.putObject({ Bucket: PLACE.bucket, Key: PLACE.key, Body });

async function scene(stage: Stage, what: string, lose: () => Promise<unknown>): Promise<Scene> {
  const { prepared, tell } = stage;
  const wanted = parseState(await prepared.stack.pullState(), "the state");
  const to = await secondOver();
  await lose();
  tell(`state ${what}; restoring to ${to.toISOString()}`);
  const began = Date.now();
  const steps = stepsTo(tell);
  await restore({
    prepared,
    steps,
    to,
    dryRun: false,
    yes: true,
    accept: undefined,
    ask: undefined,
    values: {},
    began: new Date(),
  });
  steps.end();
  const rtoSeconds = since(began);
  const found = parseState(await prepared.stack.pullState(), "the restored state");
  const planFile = join(prepared.folder, "plan.json");
  const plan = readPlan(readFileSync(planFile, "utf8"), planFile);
  const changes = describeCounts(countChanges(plan));
  const differences = [
    ...differing(wanted.json.resources, found.json.resources),
    ...(changes === "no changes" ? [] : [`the plan is not empty: ${changes}`]),
  ];
  return {
    what: `state ${what}; restored to a second`,
    compared: found.resources,
    differences,
    rpoSeconds: differences.length === 0 ? 0 : since(to.getTime()),
    rtoSeconds,
  };
}

/** Resources that differ between two states. */
export function differing(expected: readonly StateResource[], found: readonly StateResource[]): string[] {
  const byAddress = (all: readonly StateResource[]) =>
    new Map(all.map((each) => [`${each.type}.${each.name}`, each] as const));
  const [one, other] = [byAddress(expected), byAddress(found)];
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].flatMap((name) =>
    isDeepStrictEqual(one.get(name), other.get(name)) ? [] : [`${name} differs`],
  );
}
