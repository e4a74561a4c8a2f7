import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clientConfig, emulatorEnvironment } from "../../harness/local-servers";
import { environments } from "../../stacks/environments";
import type { Prepared } from "../lib/prepared-stack";
import { SynthesizedStack } from "../lib/synthesize";
import { TerraformStack } from "@packages/terraform/terraform-stack";
import type { StatePlace } from "../backup-restore/state/versions";
import { terraformToolchain } from "../lib/toolchain";

export const REGION = "us-east-1";
export const PLACE: StatePlace = { bucket: "state-drill", key: "small/terraform.tfstate" };

/** Number of log groups of a small stack, and their retention in days. */
export interface SmallStack {
  readonly resources: number;
  readonly days: number;
}

/** Writes a stack of log groups, which AWS creates immediately; the drill is about its state. */
export function writeSmallStack(folder: string, { resources, days }: SmallStack): void {
  const groups = Array.from({ length: resources }, (_, index): [string, object] => [
    `group_${index}`,
    { name: `/drill/${index}`, retention_in_days: days },
  ]);
  const configuration = {
    terraform: {
      backend: { s3: { ...PLACE, region: REGION, use_lockfile: true } },
      required_providers: { aws: { source: "hashicorp/aws" } },
    },
    provider: { aws: [{ region: REGION, max_retries: 4 }] },
    resource: { aws_cloudwatch_log_group: Object.fromEntries(groups) },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(configuration, null, 2));
}

/** Prepares the small stack like a synthesized one. */
export async function prepareSmallStack({
  folder,
  endpoint,
}: {
  readonly folder: string;
  readonly endpoint: string;
}): Promise<Prepared> {
  const [settings] = environments;
  if (settings === undefined) throw new Error("stacks/environments.ts has no environment");
  const own = join(folder, "stack");
  writeSmallStack(own, { resources: 1, days: 7 });
  const env = emulatorEnvironment(endpoint, REGION);
  const stack = new TerraformStack(
    { toolchain: await terraformToolchain(), folder: own, env, log: join(folder, "terraform.log") },
    join(folder, "plan.tfplan"),
    { parallelism: 10 },
  );
  return {
    target: { stack: "small", name: "drill", settings, foundation: false },
    access: { name: "the drill", env, client: clientConfig(endpoint, REGION) },
    synthesized: new SynthesizedStack("small", own),
    stack,
    folder,
    cloud: undefined,
  };
}
