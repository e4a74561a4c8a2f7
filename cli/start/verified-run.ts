import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Notes in a file that stacks are as they were synthesized, which plans have proved, and the state of which that is
 * true.
 */
export class Settled {
  private readonly stacks: string;

  /** Folders of synthesized stacks, each with a `cdk.tf.json`: that tells of its assets too. */
  constructor(
    private readonly file: string,
    folders: readonly string[],
  ) {
    const hash = createHash("sha256");
    for (const folder of folders) hash.update(readFileSync(join(folder, "cdk.tf.json")));
    this.stacks = hash.digest("hex");
  }

  /** Whether anything is noted. */
  get known(): boolean {
    return existsSync(this.file);
  }

  /** Whether these very stacks were noted with this very state, as Terraform writes it. */
  holds(state: string): boolean {
    return this.known && readFileSync(this.file, "utf8") === this.of(state);
  }

  note(state: string): void {
    writeFileSync(this.file, this.of(state));
  }

  /** From now on nothing is known. */
  forget(): void {
    rmSync(this.file, { force: true });
  }

  private of(state: string): string {
    return createHash("sha256").update(this.stacks).update(state).digest("hex");
  }
}
