import { relative } from "node:path";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Kind } from "../kind";
import { keepCopy, stateInS3 } from "./place";
import { describeVersion, readVersion, versionsOf } from "./versions";

/** Shows the current version of the state and copies it to the operation's folder. */
export const backup: Kind["backup"] = async ({ prepared, steps, began, dryRun }) => {
  const { s3, place } = stateInS3(prepared);
  try {
    const current = (await versionsOf(s3, place)).find((version) => version.current);
    if (current === undefined)
      throw new Refusal(`state ${place.key} does not exist in ${place.bucket}: deploy first`);
    const state = await readVersion(s3, place, current);
    steps.line(`state: ${describeVersion(current, state)}`);
    if (dryRun) return steps.line("dry run: would copy it, nothing was written");
    const copy = keepCopy(state, { folder: prepared.folder, what: "backup", began });
    steps.line(`copy: ${relative(process.cwd(), copy)}`);
    steps.line(`to restore it: npm run restore -- ${prepared.target.name} state --version ${current.id}`);
  } finally {
    s3.destroy();
  }
};
