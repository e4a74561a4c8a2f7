import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { EnvironmentSettings } from "../../stacks/settings";
import { offlineOverride, type WithProviders } from "../../packages/terraform/offline";
import { terraformToolchain } from "../../cli/lib/toolchain";
import type { TerraformToolchain } from "../../packages/terraform/toolchain";
import { resourceTypes } from "./plan-types";
import { appliedState, type State } from "./prior-state";
import { type Attributes, readJson, settingsOf, synthTo } from "./synth";

/** One way in which somebody changes the stack: its settings, or what is synthesized of them. */
export interface Change {
  readonly settings?: (settings: EnvironmentSettings) => EnvironmentSettings;
  /** Changes the synthesized JSON in place. */
  readonly edit?: (json: Attributes) => void;
}

export interface Planned {
  /** What `terraform show -json` says of the saved plan. */
  readonly json: string;
  /** The saved plan: what `terraform apply` takes. */
  readonly planFile: string;
  /** The bytes of `cdk.tf.json` that were planned. */
  readonly synthesized: string;
}

/** Staging has some of everything; unprotected, or Terraform itself would refuse to plan what is to be reviewed. */
export const planned: EnvironmentSettings = { ...settingsOf("staging"), protect: false };
export const STACK = `streamflow-${planned.name}`;

/** Passes until the plan of the unchanged stack is empty; it takes four. */
const MOST_PASSES = 6;

const root = mkdtempSync(join(tmpdir(), "streamflow-plans-"));
/** The first folder in which Terraform was initialized. */
let initialized: string | undefined;
let prior: Promise<State> | undefined;
let count = 0;

/** Plans a changed stack against the state in which the unchanged one is applied. Throws what Terraform refuses. */
export async function planOf(change: Change): Promise<Planned> {
  prior ??= priorState();
  const state = await prior;
  const folder = await stackFolder(change);
  const planFile = await plan(folder, state);
  return {
    planFile,
    json: await terraform(folder, "show", "-json", planFile),
    synthesized: readFileSync(join(folder, "cdk.tf.json"), "utf8"),
  };
}

/** Deletes every plan that was made. */
export function removePlans(): void {
  rmSync(root, { recursive: true, force: true });
}

/** Synthesizes the changed stack to a folder of its own, with the providers of the first one that Terraform set up. */
async function stackFolder({ settings = (same) => same, edit }: Change): Promise<string> {
  const outdir = join(root, String(++count));
  const folder = synthTo(outdir, [settings(planned)]).find((path) => basename(path) === STACK) ?? "";
  const file = join(folder, "cdk.tf.json");
  const json = readJson(file);
  if (edit) {
    edit(json);
    writeFileSync(file, JSON.stringify(json, null, 2));
  }
  writeFileSync(
    join(folder, "offline_override.tf.json"),
    JSON.stringify(offlineOverride(json as WithProviders)),
  );
  if (initialized === undefined) {
    await terraform(folder, "init", "-input=false", "-no-color");
    initialized = folder;
  } else {
    for (const name of [".terraform", ".terraform.lock.hcl"]) {
      cpSync(join(initialized, name), join(folder, name), { recursive: true, verbatimSymlinks: true });
    }
  }
  return folder;
}

async function plan(folder: string, state: State | undefined): Promise<string> {
  if (state) writeFileSync(join(folder, "terraform.tfstate"), JSON.stringify(state));
  const planFile = join(folder, "plan.tfplan");
  await terraform(folder, "plan", "-input=false", "-refresh=false", "-no-color", `-out=${planFile}`);
  return planFile;
}

/** A state with which the unchanged stack's plan is empty. */
async function priorState(): Promise<State> {
  const folder = await stackFolder({});
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
