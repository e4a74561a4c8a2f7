import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { clientConfig, emulatorEnvironment } from "@packages/embedded-aws/client";
import { readSynthesized, Stack } from "@packages/terraform/synthesized-stack";
import { TerraformStack } from "@packages/terraform/terraform-stack";
import { nameInFoundation } from "../../stacks/lib/pull-requests";
import { findState, Foundation } from "../lib/foundation";
import type { SynthesizedStack } from "../lib/synthesize";
import { type DeployOptions, EMULATOR_PARALLELISM } from "./deploy-options";
import { DeliveryRoles } from "./delivery-roles";
import type { StatePlace } from "./unlock-states";

/** A foundation and the location of its state. */
export interface FoundationHere {
  readonly foundation: Foundation;
  /** Folder of its `cdk.tf.json`. */
  readonly folder: string;
  /** The pipeline's roles for the environment of the stack. */
  readonly roles: DeliveryRoles | undefined;
  /** Where its state is, once it is in the bucket. */
  readonly state: StatePlace;
  /** Whether its state is already in its own bucket. */
  inBucket(): Promise<boolean>;
}

/** The foundation that creates the stack's state bucket; undefined if the state is not in S3. */
export function foundationOf(options: DeployOptions): FoundationHere | undefined {
  const { synthesized, emulator, toolchain, run, steps } = options;
  const backend = synthesized.s3Backend;
  if (!backend) return undefined;
  const folder = folderOfFoundation(synthesized, backend.bucket);
  const stack = new TerraformStack(
    {
      toolchain,
      folder,
      env: {
        ...emulatorEnvironment(emulator.endpoint, backend.region),
        TF_DATA_DIR: run.path("terraform-foundation"),
      },
      log: run.log("foundation"),
    },
    run.path("foundation.tfplan"),
    { parallelism: EMULATOR_PARALLELISM },
  );
  const aws = { ...clientConfig(emulator.endpoint, backend.region), forcePathStyle: true };
  const state = { ...backend, key: `${basename(folder)}/terraform.tfstate` };
  const roles = DeliveryRoles.of({
    foundation: new Stack(basename(folder), readSynthesized(folder)),
    environment: nameInFoundation(synthesized.name.replace(/^streamflow-/, "")),
    aws: clientConfig(emulator.endpoint, backend.region),
    accountId: emulator.accountId,
    report: run.report("delivery-iam-report.md"),
  });
  return {
    roles,
    foundation: new Foundation({ stack, folder, stateFile: run.path("foundation.tfstate"), steps }),
    folder,
    state,
    inBucket: () => findState(aws, state, (line) => steps.line(line)),
  };
}

/** Folder of the synthesized stack that creates a state bucket. Throws if there is none. */
function folderOfFoundation({ folder, name }: SynthesizedStack, bucket: string): string {
  const stacks = dirname(folder);
  const found = readdirSync(stacks)
    .map((other) => join(stacks, other))
    .filter((other) => basename(other) !== name && existsSync(join(other, "cdk.tf.json")))
    .find((other) => bucketsOf(other).includes(bucket));
  if (found === undefined)
    throw new Error(`no synthesized stack creates the state bucket ${bucket} of ${name}`);
  return found;
}

/** Names of the buckets in a synthesized stack. */
function bucketsOf(folder: string): string[] {
  const stack = new Stack(basename(folder), readSynthesized(folder));
  return stack.of("aws_s3_bucket").map((made) => made.at("bucket").text);
}
