import { relative } from "node:path";
import { describeCounts } from "@packages/terraform/plan-counts";
import { plan } from "../../delivery/plan";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Kind, Operation } from "../kind";
import type { Moment } from "@packages/cli-kit/timestamp";
import { keepCopy, type StateInS3, stateInS3 } from "./place";
import { choose, describeVersion, readVersion, type StateVersion, versionsOf } from "./versions";
import type { State } from "@packages/terraform/state";

/** How many versions are shown. */
const MAX_LISTED = 10;

/** Makes an earlier version the current one; what was made since is shown, not touched. */
export const restore: Kind["restore"] = async (operation) => {
  const { prepared, steps, values, to } = operation;
  const asked = askedFor(to, values.version);
  const stored = stateInS3(prepared);
  const { s3, place } = stored;
  try {
    const versions = await versionsOf(s3, place);
    await listVersions(operation, stored, versions);
    const chosen = choose(versions, asked);
    const state = await readVersion(s3, place, chosen);
    steps.line(`restoring ${describeVersion(chosen, state)}`);
    if (chosen.current) throw new Refusal("that version is the current one: nothing was done");
    const newest = versions.find(({ current }) => current);
    const now = newest && (await readVersion(s3, place, newest));
    await push(operation, state, now);
  } finally {
    s3.destroy();
  }
  if (!operation.dryRun) await compare(operation);
};

function askedFor(to: Moment | undefined, version: string | undefined) {
  if (version !== undefined && to === undefined) return { version };
  if (to !== undefined && version === undefined) return { to };
  throw new Refusal("a state is restored from either --to TIME or --version ID");
}

async function listVersions(
  { steps }: Operation,
  { s3, place }: StateInS3,
  versions: readonly StateVersion[],
) {
  for (const version of versions.slice(0, MAX_LISTED)) {
    // one that can't be read is no reason not to restore another
    const facts = await readVersion(s3, place, version).catch((error: Error) => error);
    steps.line(facts instanceof Error ? `  ${facts.message}` : `  ${describeVersion(version, facts)}`);
  }
  if (versions.length > MAX_LISTED) steps.line(`  and ${versions.length - MAX_LISTED} older ones`);
}

/**
 * The version as the successor of the current state. Terraform takes the lock, and refuses when another run was faster.
 * Throws a Refusal for a state of another beginning.
 */
async function push(operation: Operation, state: State, now: State | undefined): Promise<void> {
  const { prepared, steps, began, dryRun } = operation;
  if (now !== undefined && now.lineage !== state.lineage) {
    throw new Refusal(
      `that version is of lineage ${state.lineage}, the current state of ${now.lineage}: it knows of another deployment`,
    );
  }
  const serial = Math.max(state.serial, now?.serial ?? 0) + 1;
  const successor = { ...state, serial, json: { ...state.json, serial } };
  if (dryRun)
    return steps.line(`would terraform state push it as serial ${serial}; dry run: nothing was changed`);
  await agree(operation, serial);
  const { folder } = prepared;
  if (now) {
    const before = keepCopy(now, { folder, what: "before", began });
    steps.line(`the state before: ${relative(process.cwd(), before)}`);
  }
  const file = keepCopy(successor, { folder, what: "restored", began });
  await steps.run(
    "terraform state push",
    () => prepared.stack.pushState(file),
    () => `serial ${serial}, ${state.resources} resources`,
  );
}

async function agree({ yes, ask, prepared }: Operation, serial: number): Promise<void> {
  if (yes) return;
  if (ask === undefined) throw new Refusal("nobody can be asked here, so nothing was changed: pass --yes");
  const answer = await ask(
    `Make it serial ${serial} of ${prepared.target.name}'s state? Only yes is a yes: `,
  );
  if (answer.trim() !== "yes") throw new Refusal(`the answer was "${answer.trim()}", so nothing was changed`);
}

/** What differs between the state of then and AWS of now, which a person must decide about. */
async function compare({ prepared, steps }: Operation): Promise<void> {
  const { empty, changes } = await plan(prepared, steps);
  steps.line(
    empty
      ? `${prepared.target.stack}: no changes: the state agrees with AWS.`
      : `${prepared.target.stack}: ${describeCounts(changes)}, shown and not applied: ` +
          `${relative(process.cwd(), prepared.folder)}/review.html. What was made since that state is in AWS and not ` +
          "in it: import it (terraform import) before npm run deploy.",
  );
}
