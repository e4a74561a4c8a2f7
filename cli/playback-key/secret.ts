import { createPrivateKey, createPublicKey } from "node:crypto";
import { Refusal } from "@packages/cli-kit/refusal";
import { canonicalPem } from "../../stacks/lib/public-key";

/** Private keys in PEM by the id of their public key; the last one signs. */
export type PrivateKeys = Readonly<Record<string, string>>;

export interface StoredKeys {
  /** What the secret contains now. */
  readonly stored: PrivateKeys;
  /** Ids of the deployed public keys by their names, in the order of the settings. */
  readonly deployed: Readonly<Record<string, string>>;
  /** Public keys of the settings in PEM, by name. */
  readonly publicKeys: Readonly<Record<string, string>>;
  /** The private key of a name on this machine. */
  readonly local: (name: string) => string | undefined;
}

export interface NextKeys {
  readonly keys: PrivateKeys;
  /** Names whose private keys are new in the secret. */
  readonly added: readonly string[];
  /** Ids of public keys that are not deployed any more. */
  readonly removed: readonly string[];
}

/**
 * What the secret must contain: a private key for each deployed public key, in the order of the settings. Throws a
 * Refusal for settings that are not deployed, and for a private key that is missing or belongs to another public key.
 */
export function nextKeys({ stored, deployed, publicKeys, local }: StoredKeys): NextKeys {
  const added: string[] = [];
  const keys = Object.keys(publicKeys).map((name) => {
    const id = deployed[name];
    if (id === undefined)
      throw new Refusal(`the key ${name} of the settings is not deployed; nothing was changed`);
    const present = stored[id];
    if (present !== undefined) return [id, present] as const;
    const pem = local(name);
    if (pem === undefined) {
      throw new Refusal(
        `the private key of ${name} is neither in the secret nor in .local/playback-keys/; nothing was changed. ` +
          "Run it on the machine that made the pair, or remove the key from the settings",
      );
    }
    if (publicOf(pem) !== canonicalPem(publicKeys[name] ?? "")) {
      throw new Refusal(
        `the private key of ${name} in .local/playback-keys/ is not that of the settings' public key`,
      );
    }
    added.push(name);
    return [id, pem] as const;
  });
  const removed = Object.keys(stored).filter((id) => !keys.some(([kept]) => kept === id));
  return { keys: Object.fromEntries(keys), added, removed };
}

function publicOf(privatePem: string): string {
  return createPublicKey(createPrivateKey(privatePem)).export({ type: "spki", format: "pem" }).toString();
}

/** The content of the secret; empty before the first key. Throws a Refusal, without the content, if it is something else. */
export function readKeys(text: string | undefined): PrivateKeys {
  if (text === undefined || text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isPrivateKeys(value)) return value;
  } catch {
    // the same message as for other content
  }
  throw new Refusal(
    'the secret must be { "<public key id>": "<private key in PEM>" }, and is not; nothing was changed',
  );
}

function isPrivateKeys(value: unknown): value is PrivateKeys {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((pem) => typeof pem === "string")
  );
}
