import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { offlineOverride, type WithProviders } from "../../packages/terraform/offline";
import { terraformToolchain } from "../../cli/lib/toolchain";
import type { TerraformToolchain } from "../../packages/terraform/toolchain";
import { resourceTypes } from "./plan-types";
import { appliedState, type State } from "./prior-state";
import { type Attributes, readJson } from "./synth";

export interface Planned {
  /** The saved plan as JSON of `terraform show -json`. */
  readonly json: string;
  /** Path of the saved plan for `terraform apply`. */
  readonly planFile: string;
  /** The planned `cdk.tf.json`. */
  readonly synthesized: string;
}

/** Maximum passes until the plan of the unchanged stack is empty; four are needed. */
const MOST_PASSES = 6;

/** Plans of one stack, each against the state of the unchanged stack that `write` synthesizes. */
export class StackPlans<Change> {
  private readonly root = mkdtempSync(join(tmpdir(), "streamflow-plans-"));
  /** First folder in which Terraform was initialized. */
  private initialized: string | undefined;
  private prior: Promise<State> | undefined;
  private count = 0;

  /** `write` synthesizes the stack, changed or not, to a folder, and returns the folder of its `cdk.tf.json`. */
  constructor(private readonly write: (outdir: string, change: Change | undefined) => string) {}

  /** Plans the changed stack. Throws Terraform's errors. */
  async planOf(change: Change): Promise<Planned> {
    this.prior ??= this.priorState();
    const state = await this.prior;
    const folder = await this.stackFolder(change);
    const planFile = await plan(folder, state);
    return {
      planFile,
      json: await terraform(folder, "show", "-json", planFile),
      synthesized: readFileSync(join(folder, "cdk.tf.json"), "utf8"),
    };
  }

  /** Deletes all plans. */
  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Synthesizes the stack to its own folder, with the providers of the first initialized folder. */
  private async stackFolder(change: Change | undefined): Promise<string> {
    const folder = this.write(join(this.root, String(++this.count)), change);
    writeFileSync(
      join(folder, "offline_override.tf.json"),
      JSON.stringify(offlineOverride(readJson(join(folder, "cdk.tf.json")) as WithProviders)),
    );
    if (this.initialized === undefined) {
      await terraform(folder, "init", "-input=false", "-no-color");
      this.initialized = folder;
    } else {
      for (const name of [".terraform", ".terraform.lock.hcl"]) {
        cpSync(join(this.initialized, name), join(folder, name), { recursive: true, verbatimSymlinks: true });
      }
    }
    return folder;
  }

  /** A state for which the plan of the unchanged stack is empty. */
  private async priorState(): Promise<State> {
    const folder = await this.stackFolder(undefined);
    const types = resourceTypes(
      JSON.parse(await terraform(folder, "providers", "schema", "-json")) as Attributes,
    );
    let state: State | undefined;
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const planFile = await plan(folder, state);
      const json = JSON.parse(await terraform(folder, "show", "-json", planFile)) as Attributes;
      if (state && isEmpty(json)) return state;
      state = appliedState(json, readJson(join(folder, "cdk.tf.json")), types, state);
    }
    throw new Error(`the plan of the unchanged stack is not empty after ${MOST_PASSES} passes`);
  }
}

/** Changes the synthesized JSON of a stack's folder in place. */
export function editJson(folder: string, edit: (json: Attributes) => void): void {
  const file = join(folder, "cdk.tf.json");
  const json = readJson(file);
  edit(json);
  writeFileSync(file, JSON.stringify(json, null, 2));
}

async function plan(folder: string, state: State | undefined): Promise<string> {
  if (state) writeFileSync(join(folder, "terraform.tfstate"), JSON.stringify(state));
  const planFile = join(folder, "plan.tfplan");
  await terraform(folder, "plan", "-input=false", "-refresh=false", "-no-color", `-out=${planFile}`);
  return planFile;
}

function isEmpty({ resource_changes: resources, output_changes: outputs = {} }: Attributes): boolean {
  return [
    ...(resources as Attributes[]).map(({ change }) => change as Attributes),
    ...Object.values(outputs as Attributes),
  ].every(({ actions }) => actions.join() === "no-op");
}

let toolchain: Promise<TerraformToolchain> | undefined;

async function terraform(cwd: string, ...args: string[]): Promise<string> {
  toolchain ??= terraformToolchain();
  const { executable, env } = await toolchain;
  const child = spawn(executable.path, args, { cwd, env: { ...process.env, ...env } });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on("data", (bytes: Buffer) => output.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => errors.push(bytes));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return Buffer.concat(output).toString("utf8");
  throw new Error(
    `terraform ${args[0]} failed in ${cwd}:\n${Buffer.concat([...output, ...errors]).toString("utf8")}`,
  );
}
