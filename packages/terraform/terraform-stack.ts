import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TerraformEvent } from "./events";
import { runTerraform, type TerraformFolder } from "./run";
import { type Plan, readPlan } from "./plan";
import { Progress } from "./progress";
import { parseState, taintedAddresses } from "./state";

/** Receives a function that returns what a step is waiting for. */
export type Status = (current: () => string) => void;

export interface Counts {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
}

/** Changes of a plan. */
export interface Planned extends Counts {
  /** The plan changes nothing, including outputs. */
  readonly empty: boolean;
  /** Addresses of changed resources; replaced ones are listed twice. */
  readonly touched: readonly string[];
}

/** Callbacks of an apply that also plans. */
export interface ApplyHooks {
  /** Called with the changed addresses, as in `Planned`, before the apply. */
  readonly onPlanned: (touched: readonly string[]) => void;
  /** Called with the address of each finished resource. */
  readonly onDone: (address: string) => void;
}

/** Where Terraform runs for a workspace of Terraform Cloud. `remote` has no event stream and no parallelism. */
export type CloudExecution = "remote" | "local";

/** How Terraform runs on a stack. */
export interface Pace {
  /** Concurrent operations. */
  readonly parallelism: number;
  /** Environment variables for plans only, such as the credentials of a role that can only read. */
  readonly planEnv?: Readonly<Record<string, string>>;
  /** The state is in a workspace of Terraform Cloud, which runs Terraform itself (`remote`) or not (`local`). */
  readonly cloud?: CloudExecution | undefined;
}

/**
 * A synthesized stack with Terraform's operations. Counts are zero without an event stream. Methods throw a
 * TerraformError on failure.
 */
export class TerraformStack {
  constructor(
    private readonly terraform: TerraformFolder,
    readonly planFile: string,
    private readonly pace: Pace,
  ) {}

  async init(): Promise<void> {
    const isLocked = existsSync(join(this.terraform.folder, ".terraform.lock.hcl"));
    const args = [
      "-input=false",
      ...(isLocked ? ["-lockfile=readonly"] : []),
      ...(this.pace.cloud === undefined ? ["-json", "-reconfigure"] : ["-no-color"]),
    ];
    await runTerraform(this.terraform, ["init", ...args], { onEvent: () => undefined });
  }

  /**
   * Untaints resources whose creation was interrupted: on the emulator they exist, and the plan completes them.
   * Terraform would replace them, which fails if the name must stay the same.
   */
  async keepInterrupted(): Promise<readonly string[]> {
    const state = await this.pullState();
    const addresses = state === "" ? [] : taintedAddresses(parseState(state, "the state"));
    for (const address of addresses) await runTerraform(this.terraform, ["untaint", address]);
    return addresses;
  }

  /** Migrates the state to the location in the configuration. */
  async moveState(): Promise<void> {
    await runTerraform(this.terraform, ["init", "-input=false", "-migrate-state", "-force-copy"]);
  }

  /** Plans, and saves the plan for `apply`, `show` and `readPlan`. */
  async plan(status: Status, ...flags: readonly string[]): Promise<Planned> {
    let read = 0;
    status(() => `${read} resources read`);
    const args = ["plan", "-detailed-exitcode", ...this.flags(), ...flags, `-out=${this.planFile}`];
    const touched: string[] = [];
    const { counts, code } = await this.changes(args, (event) => {
      if (event.type === "refresh_complete") read++;
      touched.push(...touchedBy(event));
    });
    return { ...counts, empty: code === 0, touched };
  }

  /**
   * Writes into the state what AWS answers now, and changes nothing in AWS. After an apply these are attributes that AWS
   * computes later, or that belong to resources beside, such as the rules of a security group.
   */
  async record(status: Status): Promise<void> {
    let read = 0;
    status(() => `${read} resources read`);
    const file = `${this.planFile}.refresh`;
    const args = ["plan", "-detailed-exitcode", ...this.flags(), "-refresh-only", `-out=${file}`];
    const { code } = await this.changes(args, (event) => {
      if (event.type === "refresh_complete") read++;
    });
    if (code !== 0) await this.changes(["apply", ...this.flags(), file], () => undefined);
    rmSync(file, { force: true });
  }

  /** Applies the last plan; `onDone` is called with the address of each finished resource. */
  async apply(
    { add, change, remove }: Counts,
    status: Status,
    onDone: (address: string) => void = () => undefined,
  ): Promise<Counts> {
    const progress = new Progress(add + change + remove);
    status(() => progress.status());
    const { counts } = await this.changes(["apply", ...this.flags(), this.planFile], (event) => {
      progress.on(event);
      if (event.type === "apply_complete" && event.hook) onDone(event.hook.resource.addr);
    });
    return counts;
  }

  /** Plans and applies in one command, without review. */
  async applyAtOnce(status: Status, { onPlanned, onDone }: ApplyHooks): Promise<Counts> {
    const touched: string[] = [];
    let progress: Progress | undefined;
    status(() => progress?.status() ?? "planning");
    const { counts } = await this.changes(["apply", ...this.flags(), "-auto-approve"], (event) => {
      touched.push(...touchedBy(event));
      if (event.changes?.operation === "plan") {
        progress = new Progress(touched.length);
        onPlanned(touched);
      }
      progress?.on(event);
      if (event.type === "apply_complete" && event.hook) onDone(event.hook.resource.addr);
    });
    return counts;
  }

  /** Destroys everything; `total` is the number of resources in the state. */
  async destroy(total: number, status: Status): Promise<Counts> {
    const progress = new Progress(total);
    status(() => progress.status());
    const args = ["destroy", ...this.flags(), "-auto-approve"];
    return (await this.changes(args, (event) => progress.on(event))).counts;
  }

  /** The last plan as JSON text, or readable text with `-no-color` or no flag. */
  async show(format: readonly string[] = ["-json"]): Promise<string> {
    const { stdout } = await runTerraform(this.terraform, ["show", ...format, this.planFile]);
    return stdout;
  }

  /** The last plan, parsed. Throws if it is incomplete. */
  async readPlan(): Promise<Plan> {
    return readPlan(await this.show(), this.planFile);
  }

  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const { stdout } = await runTerraform(this.terraform, ["output", "-json"]);
    const outputs = JSON.parse(stdout) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** The state as JSON text; empty if there is none. */
  async pullState(): Promise<string> {
    return (await runTerraform(this.terraform, ["state", "pull"])).stdout;
  }

  /** Pushes a state file. Terraform rejects another lineage or an older serial. */
  async pushState(file: string): Promise<void> {
    await runTerraform(this.terraform, ["state", "push", file]);
  }

  /** Removes a resource from the state; in AWS it stays. */
  async forget(address: string): Promise<void> {
    await runTerraform(this.terraform, ["state", "rm", address]);
  }

  /** Imports an AWS resource by id into the state. */
  async adopt({ address, id }: { readonly address: string; readonly id: string }): Promise<void> {
    await runTerraform(this.terraform, ["import", "-input=false", address, id]);
  }

  /** Addresses in the state, without data sources. */
  async addresses(): Promise<string[]> {
    const { stdout } = await runTerraform(this.terraform, ["state", "list"]);
    return stdout.split("\n").filter((line) => line !== "" && !/(^|\.)data\./.test(line));
  }

  /** All ARNs in the state. */
  async arns(): Promise<Set<string>> {
    return new Set(
      [...(await this.pullState()).matchAll(/"(arn:aws[^"]*)"/g)].map((match) => match[1] ?? ""),
    );
  }

  private flags(): readonly string[] {
    const { cloud, parallelism } = this.pace;
    return cloud === "remote"
      ? ["-input=false", "-no-color"]
      : ["-json", "-input=false", `-parallelism=${parallelism}`];
  }

  /** With `-detailed-exitcode`, exit code 2 means that there are changes. */
  private async changes(
    args: readonly string[],
    onEvent: (event: TerraformEvent) => void,
  ): Promise<{ readonly counts: Counts; readonly code: number }> {
    let counts: Counts = { add: 0, change: 0, remove: 0 };
    const { planEnv = {} } = this.pace;
    const env = args[0] === "plan" ? { ...this.terraform.env, ...planEnv } : this.terraform.env;
    const { code } = await runTerraform({ ...this.terraform, env }, args, {
      accept: args.includes("-detailed-exitcode") ? [2] : [],
      onEvent: (event) => {
        if (event.changes) counts = event.changes;
        onEvent(event);
      },
    });
    return { counts, code };
  }
}

/** Address of a planned change, twice for a replacement; empty for other events. */
function touchedBy({ type, change }: TerraformEvent): string[] {
  if (type !== "planned_change" || change === undefined) return [];
  return Array<string>(change.action === "replace" ? 2 : 1).fill(change.resource.addr);
}
