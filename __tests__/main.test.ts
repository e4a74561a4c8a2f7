import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { environments } from "../stacks/environments";
import { byAccount, foundationName } from "../stacks/foundation-stack";

const outdir = mkdtempSync(join(tmpdir(), "streamflow-main-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

test("npm run synth leaves the stacks of the settings, and none of earlier settings", () => {
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
