import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { environments } from "../stacks/environments";
import { byAccount, foundationName } from "../stacks/foundation-stack";
import { copyCheckout, listingOf } from "../cli/lib/checkout";

const outdir = mkdtempSync(join(tmpdir(), "streamflow-main-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

test("npm run synth writes the stacks of the settings, and removes those of earlier settings", () => {
  const former = join(outdir, "stacks/streamflow-former");
  mkdirSync(former, { recursive: true });
  writeFileSync(join(former, "cdk.tf.json"), "{}");
  const [kept] = environments.map(({ name }) => join(outdir, `stacks/streamflow-${name}`, "kept"));
  mkdirSync(resolve(kept ?? "", ".."), { recursive: true });
  writeFileSync(kept ?? "", "by Terraform");
  execFileSync(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: resolve(__dirname, ".."),
    env: { ...process.env, CDKTF_OUTDIR: outdir },
  });
  const foundations = byAccount(environments).map(([{ account }]) => foundationName(account));
  const names = [...environments.map(({ name }) => `streamflow-${name}`), ...foundations];
  expect(readdirSync(join(outdir, "stacks")).sort()).toEqual(names.sort());
  expect(existsSync(kept ?? "")).toBe(true);
});

describe("with wrong settings", () => {
  const folder = mkdtempSync(join(tmpdir(), "streamflow-wrong-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  copyCheckout(folder);
  const [first] = environments;
  const wrong = [{ ...first, name: "dev", region: null, logs: { retentionDays: 2, forever: true } }];
  writeFileSync(
    join(folder, "stacks/environments.ts"),
    `export const environments = ${JSON.stringify(wrong)};\n`,
  );
  const before = listingOf(folder);

  test.each([
    ["npm run synth", ["commands.ts", "synth"]],
    ["main.ts, as cdktf runs it,", ["main.ts"]],
    ["a command that synthesizes", ["commands.ts", "synth:hcl"]],
  ])("%s prints them one a line, ends with 2 and writes nothing", (_, args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", ...args], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringMatching(/^dev\.region must be one of "us-east-1", .*, got null$/),
      expect.stringMatching(/^dev\.logs\.retentionDays must be one of 1, 3, .*, got 2$/),
      expect.stringMatching(/^dev\.logs\.forever is not a setting; allowed here: retentionDays\b/),
    ]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(listingOf(folder)).toEqual(before);
  });
});
