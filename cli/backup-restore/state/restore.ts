import { relative } from "node:path";
import { describeCounts } from "@packages/terraform/plan-counts";
import { plan } from "../../delivery/plan";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Kind, Operation } from "../kind";
import type { Moment } from "@packages/cli-kit/timestamp";
import { keepCopy } from "./copy";
import { type StateStore, stateStoreOf } from "./store";
import { choose, describeVersion, type StateVersion } from "./versions";
import type { State } from "@packages/terraform/state";

/** Maximum number of versions shown. */
const MAX_LISTED = 10;

/** Makes an earlier version of the state current; shows later changes and leaves them alone. */
export const restore: Kind["restore"] = async (operation) => {
  const { prepared, steps, values, to } = operation;
  const asked = askedFor(to, values.version);
  const store = stateStoreOf(prepared);
  try {
    const versions = await store.versions();
    await listVersions(operation, store, versions);
    const chosen = choose(versions, asked);
    const state = await store.read(chosen);
    steps.line(`restoring ${describeVersion(chosen, state)}`);
    if (chosen.current) throw new Refusal("that version is already the current one");
    const newest = versions.find(({ current }) => current);
    const now = newest && (await store.read(newest));
    await push(operation, store, { state, now });
  } finally {
    await store.close();
  }
  if (!operation.dryRun) await compare(operation);
};

function askedFor(to: Moment | undefined, version: string | undefined) {
  if (version !== undefined && to === undefined) return { version };
  if (to !== undefined && version === undefined) return { to };
  throw new Refusal("pass either --to TIME or --version ID");
}

async function listVersions({ steps }: Operation, store: StateStore, versions: readonly StateVersion[]) {
  for (const version of versions.slice(0, MAX_LISTED)) {
    // a damaged current state must not prevent the restore of another
    const facts = await store.read(version).catch((error: Error) => error);
    steps.line(facts instanceof Error ? `  ${facts.message}` : `  ${describeVersion(version, facts)}`);
  }
  if (versions.length > MAX_LISTED) steps.line(`  and ${versions.length - MAX_LISTED} older`);
}

/**
 * Pushes the version as successor of the current state. Terraform takes the lock and fails if another run was faster.
 * Throws a Refusal if the lineages differ.
 */
async function push(
  operation: Operation,
  store: StateStore,
  { state, now }: { readonly state: State; readonly now: State | undefined },
): Promise<void> {
  const { prepared, steps, began, dryRun } = operation;
  if (now !== undefined && now.lineage !== state.lineage) {
    throw new Refusal(
      `that version has lineage ${state.lineage}, the current state ${now.lineage}: it belongs to another deployment`,
    );
  }
  const serial = Math.max(state.serial, now?.serial ?? 0) + 1;
  const successor = { ...state, serial, json: { ...state.json, serial } };
  if (dryRun) return steps.line(`dry run: would push it as serial ${serial}, nothing was changed`);
  await confirmPush(operation, serial);
  const { folder } = prepared;
  if (now) {
    const before = keepCopy(now, { folder, what: "before", began });
    steps.line(`previous state: ${relative(process.cwd(), before)}`);
  }
  const file = keepCopy(successor, { folder, what: "restored", began });
  await steps.run(
    "state push",
    () => store.push(file),
    () => `serial ${serial}, ${state.resources} resources`,
  );
}

async function confirmPush({ yes, ask, prepared }: Operation, serial: number): Promise<void> {
  if (yes) return;
  if (ask === undefined)
    throw new Refusal("no terminal to ask for confirmation; nothing was changed. Pass --yes.");
  const answer = await ask(
    `Make it serial ${serial} of ${prepared.target.name}'s state? Type yes to continue: `,
  );
  if (answer.trim() !== "yes")
    throw new Refusal(`not confirmed (answer "${answer.trim()}"); nothing was changed`);
}

/** Shows differences between the restored state and AWS, which a person must resolve. */
async function compare({ prepared, steps }: Operation): Promise<void> {
  const { empty, changes } = await plan(prepared, steps);
  steps.line(
    empty
      ? `${prepared.target.name}: no changes, the state matches AWS.`
      : `${prepared.target.name}: ${describeCounts(changes)}, not applied: see ` +
          `${relative(process.cwd(), prepared.folder)}/review.html. Resources created after that state are in AWS but not ` +
          "in the state: import them (terraform import) before npm run deploy.",
  );
}
