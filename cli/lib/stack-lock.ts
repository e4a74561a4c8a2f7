import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "@packages/cli-kit/paths";
import { tryLock } from "@packages/cli-kit/lock";
import { Refusal } from "@packages/cli-kit/refusal";

/** Runs `work` under a lock per checkout and stack. Throws a Refusal with the id of the process that holds it. */
export async function withStackLock(
  { stack }: { readonly stack: string },
  work: () => Promise<void>,
): Promise<void> {
  mkdirSync(localFolder, { recursive: true });
  const held = tryLock(join(localFolder, `${stack}.lock`));
  if (!("release" in held)) {
    throw new Refusal(`process ${held.owner} is using ${stack} in this checkout: wait until it has ended`);
  }
  try {
    await work();
  } finally {
    held.release();
  }
}
