import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cliEnvironment } from "../../../packages/terraform/cli-config";
import { fetchProvider } from "../../../packages/terraform/provider";

const PROVIDER = { source: "hashicorp/aws", version: "5.100.0" };
let folder: string;
const unpacked = (): string => join(folder, "providers/registry.terraform.io/hashicorp/aws");

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "streamflow-provider-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Fetches with a Terraform that is a script, which receives the environment that is used without a mirror. */
async function fetchBy(script: string): Promise<void> {
  const path = join(folder, "terraform");
  writeFileSync(path, `#!/bin/sh\necho "$1" >> "${folder}/calls"\n${script}\n`);
  chmodSync(path, 0o755);
  const executable = { path, version: "1.11.4", source: "PATH" as const };
  await fetchProvider(
    { executable, mirror: undefined, env: cliEnvironment(folder, undefined) },
    folder,
    PROVIDER,
  );
}

const calls = (): string[] => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
const UNPACK =
  'mkdir -p "$TF_PLUGIN_CACHE_DIR/registry.terraform.io/hashicorp/aws"; cp main.tf.json "$TF_PLUGIN_CACHE_DIR/asked"';

test("is fetched once, in one version, into their shared cache", async () => {
  await fetchBy(UNPACK);
  await fetchBy(UNPACK);
  expect(calls()).toEqual(["init"]);
  expect(existsSync(unpacked())).toBe(true);
  expect(JSON.parse(readFileSync(join(folder, "providers/asked"), "utf8"))).toEqual({
    terraform: { required_providers: { aws: PROVIDER } },
  });
  expect(cliEnvironment(folder, undefined)).toMatchObject({
    TF_PLUGIN_CACHE_DIR: join(folder, "providers"),
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "1",
  });
});

test("a partial download is deleted and fetched again", async () => {
  const half = join(unpacked(), "5.100.0/half");
  await expect(fetchBy('echo "no such host" >&2; exit 1')).rejects.toThrow("no such host");
  mkdirSync(half, { recursive: true });
  await fetchBy(UNPACK);
  expect(calls()).toEqual(["init", "init"]);
  expect(existsSync(half)).toBe(false);
});

test("with a mirror, Terraform has no cache that others write to", () => {
  const env = cliEnvironment(folder, { folder: "/mirror", version: "5.100.0" });
  expect(Object.keys(env).filter((name) => name.startsWith("TF_PLUGIN_CACHE"))).toEqual([]);
});
