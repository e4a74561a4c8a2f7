import { createPublicKey } from "node:crypto";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ts from "typescript";
import { withPlaybackKey } from "../../../cli/playback-key/edit-settings";
import { KeyFiles } from "../../../cli/playback-key/key-files";
import { newName } from "../../../cli/playback-key/run";
import { nextKeys, readKeys, type StoredKeys } from "../../../cli/playback-key/secret";
import { environments } from "../../../stacks/environments";
import { isPlaybackKey } from "../../../stacks/lib/public-key";
import { ROOT } from "../../support/markdown";

const files = new KeyFiles("dev", mkdtempSync(join(tmpdir(), "playback-keys-")));
const pair = (name: string) => ({ publicKey: files.create(name), privateKey: files.read(name) ?? "" });
const [one, two] = [pair("one"), pair("two")];

describe("a new pair", () => {
  test("is one that CloudFront accepts, in a file that only its owner reads, and is never overwritten", () => {
    expect(isPlaybackKey(one.publicKey)).toBe(true);
    expect(createPublicKey(one.privateKey).export({ type: "spki", format: "pem" })).toBe(one.publicKey);
    expect(statSync(files.fileOf("one")).mode & 0o777).toBe(0o600);
    expect(() => files.create("one")).toThrow("EEXIST");
  });

  test("is named after the month, with a number if the name is taken", () => {
    const now = new Date("2026-11-29T12:00:00Z");
    expect(newName(["sample"], now)).toBe("key-2026-11");
    expect(newName(["key-2026-11"], now)).toBe("key-2026-11-2");
    expect(newName(["key-2026-11", "key-2026-11-2"], now)).toBe("key-2026-11-3");
  });
});

describe("the settings", () => {
  const source = `import { SAMPLE_PLAYBACK_KEY } from "./lib/samples";

export const environments = [
  { name: "dev", edge: { priceClass: "PriceClass_100", playbackKeys: { sample: SAMPLE_PLAYBACK_KEY } } },
  { "name": "staging", "edge": { "playbackKeys": { "sample": SAMPLE_PLAYBACK_KEY } } },
];
`;
  const key = { environment: "staging", name: "key-2026-11", publicKey: one.publicKey };

  /** The `environments` of a text like that of the file. */
  function environmentsOf(text: string) {
    const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
    const file = join(mkdtempSync(join(tmpdir(), "environments-")), "environments.js");
    writeFileSync(
      file,
      outputText.replaceAll('"./lib/samples"', JSON.stringify(join(ROOT, "stacks/lib/samples"))),
    );
    const loaded = jest.requireActual<{ environments: { name: string; edge: { playbackKeys: object } }[] }>(
      file,
    );
    return loaded.environments;
  }

  test("get the public key in place of the sample, in one environment only", () => {
    const before = environmentsOf(source);
    const after = environmentsOf(withPlaybackKey(source, key) ?? "");
    for (const [at, { name, edge }] of after.entries()) {
      const expected = name === "staging" ? { "key-2026-11": one.publicKey } : before[at]?.edge.playbackKeys;
      expect(edge.playbackKeys).toEqual(expected);
    }
  });

  test("keep an earlier key before the new one, which signs", () => {
    const first = withPlaybackKey(source, key) ?? "";
    const second = withPlaybackKey(first, { ...key, name: "second", publicKey: two.publicKey }) ?? "";
    const staging = environmentsOf(second).find(({ name }) => name === "staging");
    expect(Object.keys(staging?.edge.playbackKeys ?? {})).toEqual(["key-2026-11", "second"]);
  });

  test("lose the import of the sample with its last use", () => {
    const names = environmentsOf(source).map(({ name }) => name);
    const all = names.reduce(
      (text, environment) => withPlaybackKey(text, { ...key, environment }) ?? "",
      source,
    );
    expect(all).not.toContain("SAMPLE_PLAYBACK_KEY");
  });

  test("that are committed have a place for it in every environment", () => {
    const committed = readFileSync(join(ROOT, "stacks/environments.ts"), "utf8");
    for (const { name } of environments) {
      expect(withPlaybackKey(committed, { ...key, environment: name })).toContain(
        '"key-2026-11": `-----BEGIN',
      );
    }
  });

  test("are left alone if the place is not found", () => {
    expect(withPlaybackKey(source, { ...key, environment: "unknown" })).toBeUndefined();
    expect(withPlaybackKey(source.replaceAll(/(playbackKeys"?: )\{/g, "$1keys && {"), key)).toBeUndefined();
  });
});

describe("the secret", () => {
  const both = { one: one.publicKey, two: two.publicKey };
  const local = (name: string) => files.read(name);
  const next = (more: Partial<StoredKeys>) =>
    nextKeys({ stored: {}, deployed: { one: "K1", two: "K2" }, publicKeys: both, local, ...more });

  test("gets the private key of each deployed public key, the last one last", () => {
    const { keys, added, removed } = next({ stored: { K1: one.privateKey } });
    expect(Object.entries(keys)).toEqual([
      ["K1", one.privateKey],
      ["K2", two.privateKey],
    ]);
    expect([added, removed]).toEqual([["two"], []]);
  });

  test("loses private keys whose public key is not deployed any more", () => {
    const stored = { K1: one.privateKey, K2: two.privateKey };
    const { keys, added, removed } = next({
      stored,
      deployed: { two: "K2" },
      publicKeys: { two: two.publicKey },
    });
    expect([keys, added, removed]).toEqual([{ K2: two.privateKey }, [], ["K1"]]);
  });

  test("is not changed for a key that is not deployed, has no private key, or another one", () => {
    expect(() => next({ deployed: { one: "K1" } })).toThrow("the key two of the settings is not deployed");
    expect(() => next({ local: () => undefined })).toThrow(
      "the private key of one is neither in the secret nor",
    );
    expect(() => next({ local: () => two.privateKey })).toThrow("is not that of the settings' public key");
  });

  test("may be empty before the first key, and is refused, without its content, if it is something else", () => {
    expect([readKeys(undefined), readKeys("  ")]).toEqual([{}, {}]);
    expect(readKeys('{"K1":"pem"}')).toEqual({ K1: "pem" });
    for (const wrong of ["hunter2", '["a"]', '{"K1":1}', "null"]) {
      expect(() => readKeys(wrong)).toThrow(/must be \{ "<public key id>": "<private key in PEM>" \}/);
      expect(() => readKeys(wrong)).not.toThrow(/hunter2/);
    }
  });
});
