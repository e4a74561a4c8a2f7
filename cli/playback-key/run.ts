import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { CommandContext } from "@packages/cli-kit/command";
import { confirm } from "@packages/cli-kit/confirm";
import type { Steps } from "@packages/cli-kit/progress";
import { projectFolder } from "@packages/cli-kit/paths";
import { Refusal } from "@packages/cli-kit/refusal";
import { environments } from "../../stacks/environments";
import { canonicalPem } from "../../stacks/lib/public-key";
import { pullRequestOf } from "../../stacks/lib/pull-requests";
import { SAMPLE_PLAYBACK_KEY } from "../../stacks/lib/samples";
import type { EnvironmentSettings } from "../../stacks/settings";
import { readDeployed } from "../lib/deployed-environment";
import { secretText } from "../lib/secret-text";
import { targetOf } from "../lib/target";
import { withPlaybackKey } from "./edit-settings";
import { KeyFiles } from "./key-files";
import { nextKeys, readKeys } from "./secret";

export interface PlaybackKeyInput {
  readonly environment: string;
  readonly rotate: boolean;
  readonly dryRun: boolean;
}

const SETTINGS_FILE = join(projectFolder, "stacks/environments.ts");
/** Hours after which no viewer has a cookie or a path of a poster that an earlier key signed. */
const SIGNED_HOURS = 7;

/** Does the next step of making, storing or rotating a playback key. Throws a Refusal if none can be done. */
export async function runPlaybackKey(input: PlaybackKeyInput, context: CommandContext): Promise<void> {
  const { settings } = targetOf(input.environment, environments);
  const files = new KeyFiles(settings.name);
  const isPullRequest = pullRequestOf(settings.name) !== undefined;
  if (isPullRequest && input.rotate)
    throw new Refusal(
      `${settings.name} has the playback keys of the environment it is made from: rotate those`,
    );
  if (!isPullRequest && (input.rotate || isSampleOnly(settings)))
    await createKey(settings, { files, input, context });
  else await storeKeys(settings, { files, input, context });
}

interface Run {
  readonly files: KeyFiles;
  readonly input: PlaybackKeyInput;
  readonly context: CommandContext;
}

function isSampleOnly({ edge }: EnvironmentSettings): boolean {
  const sample = canonicalPem(SAMPLE_PLAYBACK_KEY);
  return Object.values(edge.playbackKeys).every((key) => canonicalPem(key) === sample);
}

/** Makes a pair, and writes its public key to the settings. */
async function createKey(settings: EnvironmentSettings, { files, input, context }: Run): Promise<void> {
  const { name: environment, edge } = settings;
  const name = newName(Object.keys(edge.playbackKeys), new Date());
  const file = relative(projectFolder, files.fileOf(name));
  if (input.dryRun) {
    context.steps.line(`dry run: would write the key ${name} to stacks/environments.ts and ${file}`);
    return;
  }
  await confirm(
    `Add the playback key ${name} to ${environment} in stacks/environments.ts?`,
    context.confirmation,
  );
  const publicKey = files.create(name);
  const changed = withPlaybackKey(readFileSync(SETTINGS_FILE, "utf8"), { environment, name, publicKey });
  if (changed === undefined) {
    files.remove(name);
    throw new Refusal(
      `edge.playbackKeys of ${environment} is not written out in stacks/environments.ts; nothing was changed. ` +
        "Write it out there, and run it again",
    );
  }
  // Jest can't load prettier, whose entry imports ES modules.
  const { format, resolveConfig } = await import("prettier");
  writeFileSync(
    SETTINGS_FILE,
    await format(changed, { ...(await resolveConfig(SETTINGS_FILE)), filepath: SETTINGS_FILE }),
  );
  context.steps.line(`${name}: public key in stacks/environments.ts, private key in ${file}`);
  context.steps.line(`next: npm run deploy -- ${environment}, then npm run playback-key -- ${environment}`);
}

/** A name with the month, which no key has: `key-2026-11`, `key-2026-11-2`. */
export function newName(taken: readonly string[], now: Date): string {
  const month = `key-${now.toISOString().slice(0, 7)}`;
  const names = [month, ...taken.map((_, index) => `${month}-${index + 2}`)];
  return names.find((name) => !taken.includes(name)) ?? month;
}

/** Stores the private keys of the deployed public keys in the stack's secret. */
async function storeKeys(settings: EnvironmentSettings, { files, input, context }: Run): Promise<void> {
  const { steps, confirmation } = context;
  const { access, output } = await readDeployed(targetOf(settings.name, environments), steps);
  const client = new SecretsManagerClient({ ...access.client, maxAttempts: 5 });
  const SecretId = output("playback_keys_secret");
  const base = await keysOfBase(settings, steps);
  try {
    const { keys, added, removed } = nextKeys({
      stored: readKeys(await secretText(client, SecretId)),
      deployed: JSON.parse(output("playback_key_ids")) as Record<string, string>,
      publicKeys: settings.edge.playbackKeys,
      local: (name) => base[name] ?? files.read(name),
    });
    const names = Object.keys(settings.edge.playbackKeys);
    const change = [
      ...added.map((name) => `store the private key of ${name}`),
      ...removed.map((id) => `remove the private key of ${id}, which is not deployed any more`),
    ].join("; ");
    if (change === "") steps.line(`nothing to do: the secret has the keys of ${names.join(", ")}`);
    else if (input.dryRun) steps.line(`dry run: would ${change}`);
    else {
      await confirm(`In ${settings.name}: ${change}?`, confirmation);
      await client.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(keys) }));
      added.filter((name) => !(name in base)).forEach((name) => files.remove(name));
      steps.line(`done: ${change}. ${names.at(-1)} signs within five minutes`);
    }
    if (names.length > 1) steps.line(nextStep(settings.name, names));
  } finally {
    client.destroy();
  }
}

/**
 * For the environment of a pull request, the private keys by name of the environment that it is made from: both have the
 * same public keys, and a person copies the private ones. Empty for another environment.
 */
async function keysOfBase(
  { name }: EnvironmentSettings,
  steps: Steps,
): Promise<Readonly<Record<string, string>>> {
  if (pullRequestOf(name) === undefined) return {};
  const base = environments.find(({ pullRequests }) => pullRequests !== undefined);
  if (base === undefined) return {};
  const { access, output } = await readDeployed(targetOf(base.name, environments), steps);
  const client = new SecretsManagerClient({ ...access.client, maxAttempts: 5 });
  try {
    const stored = readKeys(await secretText(client, output("playback_keys_secret")));
    const ids = JSON.parse(output("playback_key_ids")) as Record<string, string>;
    return Object.fromEntries(
      Object.entries(ids).flatMap(([key, id]) => {
        const pem = stored[id];
        return pem === undefined ? [] : [[key, pem]];
      }),
    );
  } finally {
    client.destroy();
  }
}

function nextStep(environment: string, names: readonly string[]): string {
  const old = names.slice(0, -1).join(", ");
  return (
    `next: ${SIGNED_HOURS} hours and five minutes after ${names.at(-1)} was stored, remove ${old} from edge.playbackKeys of ${environment}, ` +
    `run npm run deploy -- ${environment}, and then this command again`
  );
}
