import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { CopyObjectCommand, DeleteObjectCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { createServiceLinkedRoles } from "../../cli/delivery/service-linked-roles";
import { Steps } from "../../packages/cli-kit/progress";
import { clientConfig, emulatorEnvironment } from "../../packages/embedded-aws/client";
import { type Emulator, startEmulator } from "../../packages/embedded-aws/servers/emulator";
import { committedSettingsOf } from "../support/synth";

const dev = committedSettingsOf("dev");
const STACK = `streamflow-foundation-${dev.account}`;
let out: string;
let emulator: Emulator;

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), "streamflow-delivery-"));
  emulator = await startEmulator({ accountId: dev.account, log: join(out, "emulator.log") });
});

afterAll(async () => {
  await emulator.stop();
  rmSync(out, { recursive: true });
});

/** Runs `npm run <command>` with the account's credentials and without a terminal. */
async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "commands.ts", ...args, "--out", out], {
    env: { ...process.env, ...emulatorEnvironment(emulator.endpoint, dev.region) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes: Buffer) => (output += bytes.toString()));
  }
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}

async function state(): Promise<{ readonly resources: readonly unknown[] } | undefined> {
  const s3 = new S3Client({ ...clientConfig(emulator.endpoint, dev.region), forcePathStyle: true });
  const Bucket = dev.state.kind === "s3" ? dev.state.bucket : "";
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `${STACK}/terraform.tfstate` }));
    return JSON.parse((await Body?.transformToString()) ?? "{}") as { resources: unknown[] };
  } catch {
    return undefined;
  }
}

test("npm run doctor says of an account with nothing what comes first", async () => {
  const { code, output } = await run("doctor", "dev");
  expect(output).toMatch(/^ok +credentials /m);
  expect(output).toMatch(/^MISSING +state bucket .*: npm run deploy -- foundation-dev$/m);
  expect(output).toMatch(/^MISSING +service-linked roles .*: npm run deploy -- foundation-dev$/m);
  expect(output).toMatch(/^MISSING +GitHub's OIDC provider .*: npm run deploy -- foundation-dev$/m);
  expect(output).toMatch(/^MISSING +image .*: npm run deploy -- foundation-dev, then npm run image -- dev$/m);
  expect(output).toMatch(/^MISSING +stack +it is not deployed: npm run deploy -- dev$/m);
  expect(code).toBe(1);
});

test("an unapproved foundation is planned, and not applied", async () => {
  const { code, output } = await run("deploy", "foundation-dev");
  expect(output).toContain("nothing was changed");
  expect(output).toMatch(/foundation plan: \d+ to add, 0 to change, 0 to destroy/);
  expect(code).toBe(2);
  expect(await state()).toBeUndefined();
});

test("an approved foundation stores its state only in the bucket that it creates", async () => {
  const { code, output } = await run("deploy", "foundation-dev", "--yes");
  expect(output).toMatch(/service-linked roles: created for ecs\.amazonaws\.com, .*rds\.amazonaws\.com/);
  expect(output).toContain("foundation's second plan: empty, state is in its own bucket");
  expect(code).toBe(0);
  expect((await state())?.resources.length).toBeGreaterThan(10);
  expect(existsSync(join(out, STACK, "plan.tfplan"))).toBe(true);
  expect(readdirSync(join(out, STACK)).filter((name) => name.endsWith(".tfstate"))).toEqual([]);
});

test("npm run doctor says of an account with a foundation what is left to do", async () => {
  const { code, output } = await run("doctor", "dev");
  expect(output.match(/^MISSING.*$/gm)).toEqual([
    expect.stringMatching(/image +the registry has no image [0-9a-f]{16}: npm run image -- dev$/),
    expect.stringMatching(/stack +it is not deployed: npm run deploy -- dev$/),
  ]);
  expect(code).toBe(1);
});

test("an environment is not deployed before its image is in the registry", async () => {
  const { code, output } = await run("deploy", "dev", "--yes");
  expect(output).toMatch(/the registry has no image [0-9a-f]{16} .*Run npm run image -- dev first/);
  expect(code).toBe(2);
});

test("nothing has drifted right after the apply", async () => {
  const { code, output } = await run("drift", "foundation-dev");
  expect(output).toContain("foundation-dev: no changes outside of Terraform.");
  expect(code).toBe(0);
});

test("the account has the roles of AWS's services afterwards, and they are made once", async () => {
  const told = new PassThrough();
  const steps = new Steps(told);
  await createServiceLinkedRoles(clientConfig(emulator.endpoint, dev.region), steps);
  steps.end();
  expect(String(told.read())).toContain("service-linked roles: all there");
});

test("a state that an older version kept under the environments' names is found", async () => {
  const s3 = new S3Client({ ...clientConfig(emulator.endpoint, dev.region), forcePathStyle: true });
  const Bucket = dev.state.kind === "s3" ? dev.state.bucket : "";
  const [Key, former] = [STACK, "streamflow-foundation-dev"].map((name) => `${name}/terraform.tfstate`);
  await s3.send(new CopyObjectCommand({ Bucket, Key: former, CopySource: `${Bucket}/${Key}` }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  const { output } = await run("plan", "foundation-dev");
  expect(output).toContain(`the foundation's state was copied from ${former} to ${Key}`);
  expect(output).toMatch(/^foundation-dev: no changes\.$/m);
});

test("the plan of a deployed version is one line", async () => {
  const { code, output } = await run("plan", "foundation-dev");
  expect(output).toMatch(/^foundation-dev: no changes\.$/m);
  expect(code).toBe(0);
});

describe("npm run destroy", () => {
  test("changes nothing unless the name is typed", async () => {
    const { code, output } = await run("destroy", "foundation-dev");
    expect(output).toContain("not confirmed: there is no terminal to ask");
    expect(code).toBe(2);
    const other = await run("destroy", "foundation-dev", "--confirm", "dev");
    expect(other.output).toContain("--confirm dev is not the name of what is destroyed, foundation-dev");
    expect(other.code).toBe(2);
    expect((await state())?.resources.length).toBeGreaterThan(10);
  });

  test("keeps the foundation while an environment of the account has resources", async () => {
    const s3 = new S3Client({ ...clientConfig(emulator.endpoint, dev.region), forcePathStyle: true });
    const Bucket = dev.state.kind === "s3" ? dev.state.bucket : "";
    const Key = "streamflow-other/terraform.tfstate";
    await s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${STACK}/terraform.tfstate` }));
    const { code, output } = await run("destroy", "foundation-dev", "--confirm", "foundation-dev");
    expect(output).toMatch(/other has \d+ resources; nothing was changed/);
    expect(code).toBe(2);
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  });

  test("leaves nothing of the foundation, neither its bucket nor a tagged resource", async () => {
    const { code, output } = await run("destroy", "foundation-dev", "--confirm", "foundation-dev");
    expect(output).toMatch(/foundation destroy: (\d+) of \1 destroyed/);
    expect(output).toContain(`nothing of StreamFlow is left in the account ${dev.account}`);
    expect(code).toBe(0);
    expect(await state()).toBeUndefined();
  });
});
