import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "@packages/cli-kit/write-whole";

/** A file that records the hashes of stacks verified by plans, with the state at that time. */
export class Settled {
  private readonly stacks: string;

  /** Folders of synthesized stacks; each `cdk.tf.json` contains the hashes of its assets. */
  constructor(
    private readonly file: string,
    folders: readonly string[],
  ) {
    const hash = createHash("sha256");
    for (const folder of folders) hash.update(readFileSync(join(folder, "cdk.tf.json")));
    this.stacks = hash.digest("hex");
  }

  /** A verified run is recorded. */
  get known(): boolean {
    return existsSync(this.file);
  }

  /** Whether these stacks were verified with exactly this state, as Terraform writes it. */
  holds(state: string): boolean {
    return this.known && readFileSync(this.file, "utf8") === this.of(state);
  }

  note(state: string): void {
    writeWhole(this.file, this.of(state));
  }

  /** Deletes the record. */
  forget(): void {
    rmSync(this.file, { force: true });
  }

  private of(state: string): string {
    return createHash("sha256").update(this.stacks).update(state).digest("hex");
  }
}
