import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyCheckout } from "../../cli/lib/checkout";
import { signInSampleUser } from "../../cli/start/sample-user";
import { processVideo } from "../../cli/start/video";
import { emulatorEnvironment } from "../../packages/embedded-aws/client";
import { imageTag } from "../../stacks/constructs/compute/processor-image";
import { textOf } from "../support/markdown";
import { readCommand } from "../support/shell";
import { EmptyAws, stateKeyOf } from "./empty-aws";

const PAGE = "docs/first-environment.md";
const ACCOUNT = "471112345678";
const REGION = "us-east-1";
const EMAIL = "creator@example.com";

/** What a person answers to a command without a terminal. */
const ANSWERS: Readonly<Record<string, (args: readonly string[]) => string[]>> = {
  deploy: () => ["--yes"],
  "playback-key": () => ["--yes"],
  users: () => ["--yes"],
  destroy: ([name = ""]) => ["--confirm", name],
};

/** The commands of the page's blocks, in their order. */
const commands = [...textOf(PAGE).matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
  .flatMap(([, block = ""]) => block.trim().split("\n"))
  .filter((line) => line !== "npm ci")
  .map((line) => readCommand(line).words);

interface Done {
  readonly line: string;
  readonly code: number | null;
  readonly output: string;
}

const done: Done[] = [];
let folder: string;
let account: EmptyAws;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "streamflow-first-"));
  copyCheckout(folder);
  writeLayout(join(folder, ".local/image/oci"));
  const bucket = `streamflow-state-${ACCOUNT}`;
  const place = { accountId: ACCOUNT, region: REGION, state: { bucket, key: stateKeyOf("dev") } };
  account = await EmptyAws.start(place);
  env = {
    ...process.env,
    ...emulatorEnvironment(account.aws.endpoint, REGION),
    ...(await account.variables()),
  };
});

afterAll(async () => {
  await account.stop();
  rmSync(folder, { recursive: true });
});

/** An image of one small layer where npm run image would build: the emulator runs the program, and not the image. */
function writeLayout(layout: string): void {
  const blobs = join(layout, "blobs/sha256");
  mkdirSync(blobs, { recursive: true });
  const blob = (mediaType: string, content: string) => {
    const digest = createHash("sha256").update(content).digest("hex");
    writeFileSync(join(blobs, digest), content);
    return { mediaType, digest: `sha256:${digest}`, size: content.length };
  };
  const config = blob("application/vnd.oci.image.config.v1+json", "{}");
  const layers = [blob("application/vnd.oci.image.layer.v1.tar", "a layer")];
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = blob(mediaType, JSON.stringify({ schemaVersion: 2, mediaType, config, layers }));
  writeFileSync(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
  writeFileSync(join(layout, "streamflow-tag"), imageTag());
}

/** Runs a command of the page in the copy of the checkout, with a person's answers. */
async function run(words: readonly string[]): Promise<Done> {
  const [, , name = "", , ...args] = words.map((word) => (word === "EMAIL" ? EMAIL : word));
  const answers = ANSWERS[name]?.(args) ?? [];
  const child = spawn(process.execPath, ["--import", "tsx", "commands.ts", name, ...args, ...answers], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes: Buffer) => (output += bytes.toString()));
  }
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const result = { line: words.join(" "), code, output };
  done.push(result);
  return result;
}

const isDestroy = (words: readonly string[]): boolean => words.includes("destroy");

/** Runs commands in turn; ends at the first that fails, with its output. The first doctor finds what is missing. */
async function walk(all: readonly (readonly string[])[]): Promise<void> {
  for (const words of all) {
    const { line, code, output } = await run(words);
    const isFirstDoctor = words.includes("doctor") && done.filter((one) => one.line === line).length === 1;
    if (code !== (isFirstDoctor ? 1 : 0)) throw new Error(`${line} ended with ${code}:\n${output}`);
  }
}

const outputOf = (line: string): string => done.findLast((one) => one.line === line)?.output ?? "";

test("the commands of the page lead from an empty account to a complete environment", async () => {
  await walk(commands.filter((words) => !isDestroy(words)));
  const [doctor] = done.filter(({ line }) => line === "npm run doctor -- dev");
  expect(doctor?.output).toMatch(/^MISSING +state bucket .*: npm run deploy -- foundation-dev$/m);
  expect(outputOf("npm run deploy -- foundation-dev")).toContain("state is in its own bucket");
  expect(outputOf("npm run image -- dev")).toMatch(/push: .*:[0-9a-f]{16}, sha256:/);
  expect(outputOf("npm run deploy -- dev")).toMatch(/MISSING +playback key .*: npm run playback-key -- dev/);
  expect(outputOf("npm run deploy -- dev")).toMatch(/MISSING +users .*: npm run users -- dev invite EMAIL/);
  expect(readdirSync(join(folder, ".local/playback-keys/dev"))).toEqual([]);
  expect(outputOf("npm run doctor -- dev")).toMatch(/^dev is complete/m);
});

test("whom the page invites signs in, uploads a video and plays it", async () => {
  const outputs = await account.outputs();
  const pool = { userPoolId: outputs.user_pool_id ?? "", clientId: outputs.user_pool_client_id ?? "" };
  const token = await signInSampleUser(account.aws, pool, { email: EMAIL, password: "My-own-password-1" });
  const video = await processVideo({
    url: account.productUrl,
    token,
    folder: join(folder, "clip"),
    onProgress: () => undefined,
  });
  expect(video.sizes).toContain("640x360");
});

test("the last commands of the page lead back to nothing", async () => {
  await account.stopServing();
  await walk(commands.filter(isDestroy));
  expect(outputOf("npm run destroy -- dev")).toContain("dev is destroyed");
  expect(outputOf("npm run destroy -- foundation-dev")).toContain(
    `nothing of StreamFlow is left in the account ${ACCOUNT}`,
  );
});

test("both languages of the page have the same commands", () => {
  const linesOf = (page: string) => [...textOf(page).matchAll(/^npm .*$/gm)].map(([line]) => line);
  expect(linesOf("docs/first-environment.pt-BR.md")).toEqual(linesOf(PAGE));
  expect(commands.length).toBeGreaterThan(9);
});
