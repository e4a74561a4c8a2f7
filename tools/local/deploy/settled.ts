import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Notes in a file which synthesized stacks were applied, and proved by a plan to be as they are synthesized. */
export class Settled {
  private readonly now: string;

  /** Folders of synthesized stacks, each with a `cdk.tf.json`: that tells of its assets too. */
  constructor(
    private readonly file: string,
    folders: readonly string[],
  ) {
    const hash = createHash("sha256");
    for (const folder of folders) hash.update(readFileSync(join(folder, "cdk.tf.json")));
    this.now = hash.digest("hex");
  }

  /** Whether these very bytes were noted. */
  holds(): boolean {
    try {
      return readFileSync(this.file, "utf8") === this.now;
    } catch {
      return false;
    }
  }

  note(): void {
    writeFileSync(this.file, this.now);
  }

  /** From now on nothing is known. */
  forget(): void {
    rmSync(this.file, { force: true });
  }
}
