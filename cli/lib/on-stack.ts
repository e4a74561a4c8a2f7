import { environments } from "../../stacks/environments";
import { checkedAccess } from "./account";
import { type Prepared, prepare, type PrepareOptions } from "./prepared-stack";
import { withStackLock } from "./stack-lock";
import { targetOf } from "./target";

/** Synthesizes an environment or foundation, and calls `work` with credentials of its account, under its lock. */
export async function onStack(
  name: string,
  options: Omit<PrepareOptions, "access">,
  work: (prepared: Prepared) => Promise<void>,
): Promise<void> {
  const target = targetOf(name, environments);
  await withStackLock(target, async () => {
    const access = await checkedAccess(target.settings, options.steps);
    await work(await prepare(target, { ...options, access }));
  });
}
