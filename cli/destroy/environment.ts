import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { confirmByTyping, type Confirmation } from "@packages/cli-kit/confirm";
import type { Steps } from "@packages/cli-kit/progress";
import { Refusal } from "@packages/cli-kit/refusal";
import type { countChanges } from "@packages/terraform/plan-counts";
import { STATEFUL_TYPES } from "../policies/stateful-types";
import { apply } from "../delivery/deploy";
import { plan } from "../delivery/plan";
import { pullRequestOf } from "../../stacks/lib/pull-requests";
import type { Prepared } from "../lib/prepared-stack";
import { taggedResources } from "../lib/tagged-resources";
import { backupsAmong, type DatabaseBackup, deleteBackups } from "./database-backups";
import { deleteImages } from "./images";

/** How a person agrees to what can't be undone. */
export interface Consent extends Pick<Confirmation, "ask"> {
  /** What must be typed: the name of the target. */
  readonly name: string;
  readonly typed: string | undefined;
  /** Agreed in advance to lower the protection. */
  readonly unprotect: boolean;
  /** Agreed in advance to delete what backup and restore kept. */
  readonly deleteBackups: boolean;
}

/**
 * Destroys an environment: lowers its protection, deletes the database instances that restore kept, destroys what
 * Terraform's state holds, and deletes what else backup kept. `prepared` is synthesized without protection. Returns the
 * ARNs that are left. Throws a Refusal without consent.
 */
export async function destroyEnvironment(
  prepared: Prepared,
  consent: Consent,
  steps: Steps,
): Promise<readonly string[]> {
  await steps.run("terraform init", () => prepared.stack.init());
  const { settings } = prepared.target;
  if (await isDeployed(prepared)) {
    const kept = await keptInstances(prepared, consent, steps);
    if (settings.protect) await lowerProtection(prepared, consent, steps);
    await deleteAgreed(prepared, { backups: kept, consent, steps });
    await destroyStack(prepared, consent, steps);
  } else {
    steps.line(`${prepared.target.name}: the state has no resources`);
  }
  // pull requests share a repository, whose lifecycle deletes old images
  if (pullRequestOf(settings.name) === undefined) {
    await steps.run(
      "images",
      () => deleteImages(prepared.access.client, settings.name),
      (deleted) => `${deleted} deleted`,
    );
  }
  return deleteLeftovers(prepared, consent, steps);
}

const isDeployed = async ({ stack }: Prepared): Promise<boolean> => {
  if ((await stack.pullState()).trim() === "") return false;
  return (await stack.addresses()).length > 0;
};

/**
 * Database instances of the environment that the state does not hold. AWS deletes neither the subnet group nor the
 * security group of an instance. Throws a Refusal if the consent does not include them, before anything is changed.
 */
async function keptInstances(
  prepared: Prepared,
  consent: Consent,
  steps: Steps,
): Promise<readonly DatabaseBackup[]> {
  const held = await prepared.stack.arns();
  const gone = notedArns(prepared.folder);
  const kept = await steps.run(
    "kept database instances",
    async () =>
      backupsAmong((await taggedOf(prepared)).filter((arn) => !held.has(arn) && !gone.has(arn))).filter(
        ({ kind }) => kind === "db",
      ),
    ({ length }) => (length === 0 ? "none" : `${length} found`),
  );
  if (kept.length > 0 && consent.typed !== undefined && !consent.deleteBackups)
    throw new Refusal(
      `${prepared.target.name} has database instances that restore kept, and AWS does not delete their subnet group; ` +
        `nothing was changed. Pass --delete-backups too: ${kept.map(({ id }) => id).join(", ")}`,
    );
  return kept;
}

/** Applies the stack without protection, after its plan was reviewed and the name was typed. */
export async function lowerProtection(prepared: Prepared, consent: Consent, steps: Steps): Promise<void> {
  const { changes, empty } = await plan(prepared, steps);
  if (empty) return;
  const { name } = prepared.target;
  if (consent.typed !== undefined && !consent.unprotect)
    throw new Refusal(`${name} is protected; nothing was changed. Pass --unprotect too`);
  await agree(`Lower the protection of ${name}: ${describe(changes)}? Nothing is deleted yet.`, consent);
  await apply(prepared, changes, steps);
}

const describe = ({ create, update, replace, delete: removed }: ReturnType<typeof countChanges>): string =>
  `${update} to change, ${create} to add, ${removed} to remove, ${replace} to replace`;

const agree = (question: string, { name, typed, ask }: Consent): Promise<void> =>
  confirmByTyping(question, { word: name, typed, ask });

/** Plans the end of everything in the state, asks, and applies exactly that plan. */
export async function destroyStack(
  { stack, target, folder }: Prepared,
  consent: Consent,
  steps: Steps,
): Promise<void> {
  const planned = await steps.run(
    "terraform plan -destroy",
    (status) => stack.plan(status, "-destroy"),
    ({ remove }) => `${remove} to destroy`,
  );
  const holding = (await stack.addresses()).filter(
    (address) => (address.split(".")[0] ?? "") in STATEFUL_TYPES,
  );
  holding.forEach((address) => steps.line(`holds data: ${address}`));
  await agree(`Destroy all ${planned.remove} resources of ${target.name}, and their data?`, consent);
  noteArns(folder, await stack.arns());
  await steps.run(
    "terraform destroy",
    (status) => stack.apply(planned, status),
    ({ remove }) => `${remove} destroyed`,
  );
  const left = await stack.addresses();
  if (left.length > 0) throw new Error(`resources left after terraform destroy:\n${left.join("\n")}`);
}

const notesIn = (folder: string): string => join(folder, "destroyed.json");

/** ARNs that this or an earlier run destroyed: the tagging API answers them for a while. */
export function notedArns(folder: string): ReadonlySet<string> {
  const file = notesIn(folder);
  return new Set(existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as string[]) : []);
}

/** Notes what is about to be destroyed. */
export function noteArns(folder: string, arns: ReadonlySet<string>): void {
  writeFileSync(notesIn(folder), JSON.stringify([...notedArns(folder), ...arns]), { mode: 0o600 });
}

/** Deletes what no state holds, after a question. Returns what carries the stack's tags and is left. */
async function deleteLeftovers(
  prepared: Prepared,
  consent: Consent,
  steps: Steps,
): Promise<readonly string[]> {
  const { folder } = prepared;
  const gone = notedArns(folder);
  const found = await steps.run(
    "tagged resources",
    async () => (await taggedOf(prepared)).filter((arn) => !gone.has(arn)),
    (arns) => (arns.length === 0 ? "none left" : `${arns.length} left`),
  );
  const backups = backupsAmong(found);
  const others = found.filter((arn) => !backups.some((backup) => backup.arn === arn));
  if (backups.length === 0) return others;
  if (consent.typed !== undefined && !consent.deleteBackups) {
    backups.forEach(({ arn }) => steps.line(`kept by backup or restore: ${arn}`));
    return found;
  }
  await deleteAgreed(prepared, { backups, consent, steps });
  return others;
}

interface Agreed {
  readonly backups: readonly DatabaseBackup[];
  readonly consent: Consent;
  readonly steps: Steps;
}

/** Deletes copies of the database, after a question. */
async function deleteAgreed(
  { access, folder }: Prepared,
  { backups, consent, steps }: Agreed,
): Promise<void> {
  if (backups.length === 0) return;
  backups.forEach(({ arn }) => steps.line(`kept by backup or restore: ${arn}`));
  await agree(`Delete these ${backups.length} copies of the database for good?`, consent);
  await deleteBackups(access.client, backups, steps);
  noteArns(folder, new Set(backups.map(({ arn }) => arn)));
}

function taggedOf({ access, target }: Prepared): Promise<string[]> {
  const { name, region, backup } = target.settings;
  const copies = "off" in backup || "off" in backup.copyTo ? [] : [backup.copyTo.region];
  return taggedResources(access.client, { environment: name, regions: [region, "us-east-1", ...copies] });
}
