import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { CommandContext } from "@packages/cli-kit/command";
import { confirm } from "@packages/cli-kit/confirm";
import { localFolder } from "@packages/cli-kit/paths";
import { Refusal } from "@packages/cli-kit/refusal";
import type { State } from "@packages/terraform/state";
import { TerraformStack } from "@packages/terraform/terraform-stack";
import { stateKey } from "../../stacks/base-stack";
import type { StateSettings } from "../../stacks/settings";
import { stateStoreOf, type StateStore } from "../backup-restore/state/store";
import { onStack } from "../lib/on-stack";
import type { Prepared } from "../lib/prepared-stack";
import { SynthesizedStack } from "../lib/synthesize";
import type { Target } from "../lib/target";
import { tokenEnvironment } from "../lib/terraform-cloud";
import { terraformToolchain } from "../lib/toolchain";

export interface MoveStateInput {
  readonly target: string;
  readonly to: "s3" | "terraform-cloud";
  readonly organization: string | undefined;
  readonly hostname: string | undefined;
  readonly bucket: string | undefined;
  readonly region: string | undefined;
  readonly dryRun: boolean;
}

export async function runMoveState(input: MoveStateInput, context: CommandContext): Promise<void> {
  const { steps } = context;
  await onStack(input.target, { steps, out: join(localFolder, "operations") }, (prepared) =>
    copyState(prepared, input, context),
  );
}

/** Copies the state of a stack to the other kind of place. Throws a Refusal if another state is there. */
export async function copyState(
  prepared: Prepared,
  input: Omit<MoveStateInput, "target">,
  { steps, confirmation, print }: CommandContext,
): Promise<void> {
  const { target } = prepared;
  const { kind } = target.settings.state;
  if (kind === input.to) throw new Refusal(`the state of ${target.name} is of the kind "${kind}" already`);
  const destination = destinationOf(input);
  await steps.run("terraform init", () => prepared.stack.init());
  const moved = await atDestination(prepared, destination);
  const [from, to] = [stateStoreOf(prepared), stateStoreOf(moved)];
  try {
    const current = await currentOf(from);
    if (current === undefined) throw new Refusal(`state ${from.name} does not exist: deploy first`);
    const what = `serial ${current.serial}, ${current.resources} resources, lineage ${current.lineage}`;
    print(`from ${from.name}: ${what}`);
    if (input.dryRun) {
      print(`dry run: would copy it to ${to.name}, nothing was changed`);
      return;
    }
    await confirm(`Copy it to ${to.name}?`, confirmation);
    // It creates a workspace that does not exist.
    await steps.run("terraform init of the new place", () => moved.stack.init());
    await refuseOther(to, current);
    await steps.run("copy", () => to.store(JSON.stringify(current.json, undefined, 2)));
    await steps.run(
      "compare",
      () => compare(current, to),
      () => `the same: ${what}`,
    );
    print(
      `Now set in stacks/environments.ts, for ${target.settings.name}:\n  state: ${textOf(destination)},`,
    );
    print(`The old state stays at ${from.name}.`);
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
}

function destinationOf({
  to,
  organization = "",
  hostname,
  bucket = "",
  region = "",
}: Omit<MoveStateInput, "target">): StateSettings {
  if (to === "s3") return { kind: "s3", bucket, region: region };
  return { kind: "terraform-cloud", organization, ...(hostname === undefined ? {} : { hostname }) };
}

/** The stack with its state at another place, in a folder of its own. */
export async function atDestination(prepared: Prepared, state: StateSettings): Promise<Prepared> {
  const { target, synthesized, access, folder } = prepared;
  const own = join(folder, "moved");
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true, mode: 0o700 });
  cpSync(join(synthesized.folder, ".terraform.lock.hcl"), join(own, ".terraform.lock.hcl"));
  const json = JSON.parse(readFileSync(join(synthesized.folder, "cdk.tf.json"), "utf8")) as {
    readonly terraform: Readonly<Record<string, unknown>>;
  };
  const place =
    state.kind === "s3"
      ? { backend: s3Backend(synthesized.name, state), cloud: undefined }
      : { backend: undefined, cloud: cloudBlock(synthesized.name, state) };
  writeFileSync(
    join(own, "cdk.tf.json"),
    JSON.stringify({ ...json, terraform: { ...json.terraform, ...place } }),
  );
  const moved: Target = { ...target, settings: { ...target.settings, state } };
  const cloudExecution = state.kind === "s3" ? undefined : "local";
  const stack = new TerraformStack(
    {
      toolchain: await terraformToolchain(),
      folder: own,
      env: { ...access.env, ...tokenEnvironment(state) },
      log: join(folder, "moved.log"),
    },
    join(own, "plan.tfplan"),
    { parallelism: 10, cloud: cloudExecution },
  );
  return {
    target: moved,
    access,
    synthesized: new SynthesizedStack(synthesized.name, own),
    stack,
    folder: own,
    cloud: cloudExecution,
  };
}

function s3Backend(stack: string, { bucket, region }: Extract<StateSettings, { kind: "s3" }>): object {
  return { s3: { bucket, key: stateKey(stack), region, encrypt: true, use_lockfile: true } };
}

function cloudBlock(stack: string, state: Extract<StateSettings, { kind: "terraform-cloud" }>): object {
  const { organization, hostname } = state;
  return { organization, workspaces: { name: stack }, ...(hostname === undefined ? {} : { hostname }) };
}

async function currentOf(store: StateStore): Promise<State | undefined> {
  const current = (await store.versions()).find((version) => version.current);
  return current && store.read(current);
}

/** Throws a Refusal if the place has a state of another lineage, or a newer one. */
async function refuseOther(to: StateStore, from: State): Promise<void> {
  const there = await currentOf(to);
  if (there === undefined) return;
  if (there.lineage !== from.lineage)
    throw new Refusal(`${to.name} has another state, with lineage ${there.lineage}; nothing was changed`);
  if (there.serial > from.serial)
    throw new Refusal(
      `${to.name} has the newer serial ${there.serial}, the state to copy has ${from.serial}; nothing was changed`,
    );
}

/** Throws if the copy differs from the state in anything. */
async function compare(from: State, to: StateStore): Promise<void> {
  const copy = await currentOf(to);
  if (copy === undefined || !isDeepStrictEqual(copy.json, from.json))
    throw new Error(`the copy at ${to.name} differs from the state; the settings must stay as they are`);
}

/** Settings as source text. */
const textOf = (state: StateSettings): string =>
  JSON.stringify(state, undefined, 1)
    .replace(/\n */g, " ")
    .replace(/"(\w+)":/g, "$1:");
