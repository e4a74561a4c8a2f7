import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "@packages/cli-kit/paths";
import { tryLock } from "@packages/cli-kit/lock";
import { Refusal } from "@packages/cli-kit/refusal";

/** Works while no other run of this checkout does on the same stack. Throws a Refusal that names the process which does. */
export async function withStackLock(
  { stack }: { readonly stack: string },
  work: () => Promise<void>,
): Promise<void> {
  mkdirSync(localFolder, { recursive: true });
  const held = tryLock(join(localFolder, `${stack}.lock`));
  if (!("release" in held)) {
    throw new Refusal(`process ${held.owner} works on ${stack} in this checkout: wait until it has ended`);
  }
  try {
    await work();
  } finally {
    held.release();
  }
}
