import { relative } from "node:path";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Kind } from "../kind";
import { keepCopy } from "./copy";
import { stateStoreOf } from "./store";
import { describeVersion } from "./versions";

/** Shows the current version of the state and copies it to the operation's folder. */
export const backup: Kind["backup"] = async ({ prepared, steps, began, dryRun }) => {
  const store = stateStoreOf(prepared);
  try {
    const current = (await store.versions()).find((version) => version.current);
    if (current === undefined) throw new Refusal(`state ${store.name} does not exist: deploy first`);
    const state = await store.read(current);
    steps.line(`state: ${describeVersion(current, state)}`);
    if (dryRun) return steps.line("dry run: would copy it, nothing was written");
    const copy = keepCopy(state, { folder: prepared.folder, what: "backup", began });
    steps.line(`copy: ${relative(process.cwd(), copy)}`);
    steps.line(`to restore it: npm run restore -- ${prepared.target.name} state --version ${current.id}`);
  } finally {
    await store.close();
  }
};
