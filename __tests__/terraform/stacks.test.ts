import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { environments } from "../../stacks/environments";
import { terraformToolchain } from "../../cli/lib/toolchain";
import type { TerraformToolchain } from "../../packages/terraform/toolchain";
import { synthTo } from "../support/synth";
import { applyInMemory } from "./memory";

/** The committed stacks without protection, because the test destroys them. */
const unprotected = environments.map((settings) => ({ ...settings, protect: false }));

let toolchain: TerraformToolchain;
let folder: string;
const folders = new Map<string, string>();

beforeAll(async () => {
  toolchain = await terraformToolchain();
  folder = mkdtempSync(join(tmpdir(), "streamflow-terraform-"));
  for (const stack of synthTo(folder, unprotected)) folders.set(basename(stack), stack);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ...environments.map(({ name }) => `streamflow-${name}`),
  ...environments.map(({ account }) => `streamflow-foundation-${account}`),
])("%s", (stack) => {
  test("is valid, and is applied and destroyed in memory", () => {
    applyInMemory({ toolchain, folder: folders.get(stack) ?? "" });
  });
});

test("a provider with other checksums than in the lock file is refused", () => {
  const [stack = ""] = folders.keys();
  const file = join(folders.get(stack) ?? "", ".terraform.lock.hcl");
  const locked = readFileSync(file, "utf8");
  try {
    writeFileSync(
      file,
      locked.replace(/"h1:[^"]{6}/g, '"h1:AAAAAA').replace(/"zh:[0-9a-f]{6}/g, '"zh:000000'),
    );
    const { status, stderr } = spawnSync(
      toolchain.executable.path,
      ["init", "-backend=false", "-input=false", "-lockfile=readonly", "-no-color"],
      { cwd: folders.get(stack), env: { ...process.env, ...toolchain.env }, encoding: "utf8" },
    );
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("checksum") });
  } finally {
    writeFileSync(file, locked);
  }
});
