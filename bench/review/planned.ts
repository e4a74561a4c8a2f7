import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack } from "@packages/terraform/terraform-stack";
import type { SynthesizedStack } from "../../cli/lib/synthesize";
import { offlineOverride, type WithProviders } from "@packages/terraform/offline";
import type { TerraformToolchain } from "@packages/terraform/toolchain";
import { type Repeatable, repeated } from "./repeated";

/** A saved plan that creates everything, with Terraform's JSON. */
export interface KeptPlan {
  /** Initialized folder with `cdk.tf.json`, `plan.tfplan` and `plan.json`. */
  readonly folder: string;
  readonly resources: number;
}

export interface PlanOptions {
  readonly synthesized: SynthesizedStack;
  /** Repetitions of the stack's resources. */
  readonly times: number;
  /** Folder of the plan. */
  readonly folder: string;
  readonly toolchain: TerraformToolchain;
  readonly tell: (line: string) => void;
}

/** Plans a stack without AWS, unless a plan exists. Throws Terraform's errors. */
export async function keptPlan(options: PlanOptions): Promise<KeptPlan> {
  const { synthesized, times, folder, toolchain, tell } = options;
  const kept = join(folder, "kept.json");
  const from = { sha256: synthesized.sha256, terraform: toolchain.executable.version, times };
  if (existsSync(kept)) {
    const { resources, ...was } = JSON.parse(readFileSync(kept, "utf8")) as typeof from & KeptPlan;
    if (JSON.stringify(was) === JSON.stringify(from)) return { folder, resources };
  }
  tell(`planning ${synthesized.name}, its resources ${times} × (cached)`);
  const resources = await plan(options);
  writeFileSync(kept, JSON.stringify({ ...from, resources }));
  return { folder, resources };
}

/** Plans; returns the number of resources. */
async function plan({ synthesized, times, folder, toolchain }: PlanOptions): Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  // with the zip files, which have relative paths
  cpSync(synthesized.folder, folder, { recursive: true });
  const file = join(folder, "cdk.tf.json");
  const json = JSON.parse(readFileSync(file, "utf8")) as Repeatable & WithProviders;
  writeFileSync(file, JSON.stringify(repeated(json, times), null, 2));
  writeFileSync(join(folder, "offline_override.tf.json"), JSON.stringify(offlineOverride(json)));
  const log = join(folder, "terraform.log");
  const stack = new TerraformStack({ toolchain, folder, env: {}, log }, join(folder, "plan.tfplan"), {
    parallelism: 10,
  });
  await stack.init();
  const { add } = await stack.plan(() => undefined, "-refresh=false");
  writeFileSync(join(folder, "plan.json"), await stack.show());
  return add;
}
