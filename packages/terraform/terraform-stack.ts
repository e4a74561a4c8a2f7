import type { TerraformEvent } from "./events";
import { runTerraform, type TerraformFolder } from "./run";
import { type Plan, readPlan } from "./plan";
import { Progress } from "./progress";
import { parseState, taintedAddresses } from "./state";

/** Told what a step is waiting for, whenever that changes. */
export type Status = (current: () => string) => void;

export interface Counts {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
}

/** What a plan would do. */
export interface Planned extends Counts {
  /** Whether it would change nothing at all, outputs included. */
  readonly empty: boolean;
  /** Addresses of what it would do something to: of what it would replace, twice. */
  readonly touched: readonly string[];
}

/** What is told during an apply that plans first. */
export interface ApplyHooks {
  /** Told what it will do something to, as `Planned` has it, before anything is done. */
  readonly onPlanned: (touched: readonly string[]) => void;
  /** Told the address of each resource that is done. */
  readonly onDone: (address: string) => void;
}

/** How Terraform works on a stack. */
export interface Pace {
  /** Resources at once. */
  readonly parallelism: number;
  /** Variables laid over the environment of plans: a role that may only read can make them. */
  readonly planEnv?: Readonly<Record<string, string>>;
  /** Terraform Cloud runs it: there it neither streams events nor takes a parallelism. */
  readonly remote?: boolean;
}

/** A synthesized stack and what Terraform does with it; counts are none where nothing is streamed. Every method throws a TerraformError when it fails. */
export class TerraformStack {
  constructor(
    private readonly terraform: TerraformFolder,
    readonly planFile: string,
    private readonly pace: Pace,
  ) {}

  async init(): Promise<void> {
    const args = this.pace.remote ? ["-input=false"] : ["-json", "-input=false", "-reconfigure"];
    await runTerraform(this.terraform, ["init", ...args], { onEvent: () => undefined });
  }

  /**
   * Keeps what an interrupted run was still waiting for: on the emulator it is there, and the plan mends what it lacks.
   * Terraform itself would replace it, and fails where the new one must have the old one's name.
   */
  async keepInterrupted(): Promise<readonly string[]> {
    const state = await this.pullState();
    const addresses = state === "" ? [] : taintedAddresses(parseState(state, "the state"));
    for (const address of addresses) await runTerraform(this.terraform, ["untaint", address]);
    return addresses;
  }

  /** Copies the state from where it was to where the configuration wants it now. */
  async moveState(): Promise<void> {
    await runTerraform(this.terraform, ["init", "-input=false", "-migrate-state", "-force-copy"]);
  }

  /** What an apply would do; it is kept for `apply`, `show` and `readPlan`. */
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

  /** Does what the last plan said; `onDone` is told the address of each resource that is done. */
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

  /** Plans and applies in one run of Terraform: for what nobody looks at first. */
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

  /** Destroys everything; `total` is how many resources the state has. */
  async destroy(total: number, status: Status): Promise<Counts> {
    const progress = new Progress(total);
    status(() => progress.status());
    const args = ["destroy", ...this.flags(), "-auto-approve"];
    return (await this.changes(args, (event) => progress.on(event))).counts;
  }

  /** The last plan as JSON text; with `-no-color` or nothing, as a person reads it. */
  async show(format: readonly string[] = ["-json"]): Promise<string> {
    const { stdout } = await runTerraform(this.terraform, ["show", ...format, this.planFile]);
    return stdout;
  }

  /** The last plan as a program reads it. Throws when it failed half-way. */
  async readPlan(): Promise<Plan> {
    return readPlan(await this.show(), this.planFile);
  }

  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const { stdout } = await runTerraform(this.terraform, ["output", "-json"]);
    const outputs = JSON.parse(stdout) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** The whole state as JSON text; empty when there is none. */
  async pullState(): Promise<string> {
    return (await runTerraform(this.terraform, ["state", "pull"])).stdout;
  }

  /** Makes the file's state the current one. Terraform refuses another lineage, and an older serial. */
  async pushState(file: string): Promise<void> {
    await runTerraform(this.terraform, ["state", "push", file]);
  }

  /** Takes a resource out of the state; in AWS it stays as it is. */
  async forget(address: string): Promise<void> {
    await runTerraform(this.terraform, ["state", "rm", address]);
  }

  /** Takes what AWS has under that id into the state. */
  async adopt({ address, id }: { readonly address: string; readonly id: string }): Promise<void> {
    await runTerraform(this.terraform, ["import", "-input=false", address, id]);
  }

  /** Addresses of everything in the state, data sources left out. */
  async addresses(): Promise<string[]> {
    const { stdout } = await runTerraform(this.terraform, ["state", "list"]);
    return stdout.split("\n").filter((line) => line !== "" && !/(^|\.)data\./.test(line));
  }

  /** Every ARN that the state holds. */
  async arns(): Promise<Set<string>> {
    return new Set(
      [...(await this.pullState()).matchAll(/"(arn:aws[^"]*)"/g)].map((match) => match[1] ?? ""),
    );
  }

  private flags(): readonly string[] {
    const { remote, parallelism } = this.pace;
    return remote ? ["-input=false"] : ["-json", "-input=false", `-parallelism=${parallelism}`];
  }

  /** With `-detailed-exitcode` 2 is an answer: there is something to do. */
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

/** The address that a planned change touches, twice where it is a replacement; nothing for another event. */
function touchedBy({ type, change }: TerraformEvent): string[] {
  if (type !== "planned_change" || change === undefined) return [];
  return Array<string>(change.action === "replace" ? 2 : 1).fill(change.resource.addr);
}
