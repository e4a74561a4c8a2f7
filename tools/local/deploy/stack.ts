import type { TerraformEvent } from "../../terraform/events";
import { runTerraform, type TerraformFolder } from "../../terraform/run";
import type { KnownGap } from "../known-gaps";
import { compareGaps, gapFault, type GapReport, type PlanJson } from "./gaps";
import { Progress } from "./progress";
import { type StateJson, taintedAddresses } from "./tainted";

/** Told what a step is waiting for, whenever that changes. */
export type Status = (current: () => string) => void;

export interface Counts {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
}

/** How Terraform works on a stack. */
export interface Pace {
  /** Resources at once. */
  readonly parallelism: number;
  /** Terraform Cloud runs it: there it neither streams events nor takes a parallelism. */
  readonly remote?: boolean;
}

/** On the emulator most waits are the provider's own, and overlap. */
const onEmulator: Pace = { parallelism: 40 };

/** A synthesized stack and what Terraform does with it; counts are none where nothing is streamed. Every method throws a TerraformError when it fails. */
export class DeployedStack {
  constructor(
    private readonly terraform: TerraformFolder,
    readonly planFile: string,
    private readonly pace: Pace = onEmulator,
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
    const addresses = state === "" ? [] : taintedAddresses(JSON.parse(state) as StateJson);
    for (const address of addresses) await runTerraform(this.terraform, ["untaint", address]);
    return addresses;
  }

  /** Copies the state from where it was to where the configuration wants it now. */
  async moveState(): Promise<void> {
    await runTerraform(this.terraform, ["init", "-input=false", "-migrate-state", "-force-copy"]);
  }

  /** What an apply would do; it is kept for `apply` and `gaps`. */
  async plan(status: Status, ...flags: readonly string[]): Promise<Counts> {
    let read = 0;
    status(() => `${read} resources read`);
    return this.changes(["plan", ...this.flags(), ...flags, `-out=${this.planFile}`], (event) => {
      if (event.type === "refresh_complete") read++;
    });
  }

  /** Does what the last plan said. */
  async apply({ add, change, remove }: Counts, status: Status): Promise<Counts> {
    const progress = new Progress(add + change + remove);
    status(() => progress.status());
    const args = ["apply", ...this.flags(), this.planFile];
    return this.changes(args, (event) => progress.on(event));
  }

  /** Destroys everything; `total` is how many resources the state has. */
  async destroy(total: number, status: Status): Promise<Counts> {
    const progress = new Progress(total);
    status(() => progress.status());
    const args = ["destroy", ...this.flags(), "-auto-approve"];
    return this.changes(args, (event) => progress.on(event));
  }

  /** The last plan as JSON text; with `-no-color` or nothing, as a person reads it. */
  async show(format: readonly string[] = ["-json"]): Promise<string> {
    const { stdout } = await runTerraform(this.terraform, ["show", ...format, this.planFile]);
    return stdout;
  }

  /** What the last plan would change, held against the table. */
  async gaps(table: readonly KnownGap[]): Promise<GapReport & { readonly fault: string | undefined }> {
    const report = compareGaps(JSON.parse(await this.show()) as PlanJson, table);
    return { ...report, fault: gapFault(report) };
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
  async adopt(address: string, id: string): Promise<void> {
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

  private async changes(args: readonly string[], onEvent: (event: TerraformEvent) => void): Promise<Counts> {
    let counts: Counts = { add: 0, change: 0, remove: 0 };
    await runTerraform(this.terraform, args, {
      onEvent: (event) => {
        if (event.changes) counts = event.changes;
        onEvent(event);
      },
    });
    return counts;
  }
}
