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

/** How many log groups a small stack has, and how many days each keeps its log. */
export interface SmallStack {
  readonly resources: number;
  readonly days: number;
}

/** A stack of log groups, which AWS makes at once: what matters here is its state. */
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

/** As a synthesized stack is given to those who work on it. */
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
    remote: false,
  };
}
