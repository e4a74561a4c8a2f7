import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder } from "../../tools/local/folders";
import { settingsOf, synthTo } from "../support/synth";

/** What `npm start -- --once` printed, and how it ended. */
interface Run {
  readonly code: number | null;
  readonly output: string;
}

let run: Run;

function start(...options: string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const args = ["--import", "tsx", "tools/local/start.ts", ...options];
    const child = spawn(process.execPath, args, { cwd: projectFolder, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (text: Buffer) => (output += text.toString()));
    child.stderr.on("data", (text: Buffer) => (output += text.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

beforeAll(async () => {
  run = await start("--once", "--fresh", "--name", "emulator-test");
}, 900_000);

const line = (name: string): string =>
  run.output.split("\n").find((text) => text.startsWith(`${name}:`)) ?? "";

test("deploys, serves and destroys everything, and ends well", () => {
  // what it printed tells why, where it did not
  expect(run.code === 0 ? "" : run.output).toBe("");
});

test("applies every resource of the stack, and plans nothing more", () => {
  const folder = mkdtempSync(join(tmpdir(), "streamflow-emulator-"));
  try {
    const [stack = ""] = synthTo(folder, [settingsOf("dev")]).filter((path) =>
      path.endsWith("streamflow-dev"),
    );
    const json = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8")) as { resource: object };
    const count = Object.values(json.resource).flatMap((named: object) => Object.keys(named)).length;
    expect(line("terraform apply")).toContain(`${count} added, 0 changed, 0 destroyed`);
    expect(line("terraform destroy")).toContain(`${count} of ${count} destroyed`);
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(line("second plan")).toContain("empty");
});

test("applies the very bytes that npm run synth writes", () => {
  const folder = mkdtempSync(join(tmpdir(), "streamflow-emulator-"));
  try {
    const stacks = synthTo(folder, [settingsOf("dev")]);
    const stack = stacks.find((path) => path.endsWith("streamflow-dev")) ?? "";
    const sha256 = createHash("sha256")
      .update(readFileSync(join(stack, "cdk.tf.json")))
      .digest("hex");
    expect(line("synth")).toContain(sha256);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("keeps the state in the bucket that the foundation made, and the foundation's own beside it", () => {
  expect(line("foundation")).toMatch(/\d+ added, 0 changed, 0 destroyed/);
  expect(line("foundation's second plan")).toContain("empty, its state moved into the bucket that it made");
  expect(line("foundation destroy")).toMatch(/(\d+) of \1 destroyed/);
});

test("answers GET /health and GET /media through the deployed API", () => {
  expect(line("GET /health")).toContain('200 {"database":"up"');
  expect(line("GET /media")).toContain('200 {"items":[{"id":"');
});

test("leaves nothing behind, neither in the state nor in the account", () => {
  expect(line("nothing is left")).toContain("neither in a state nor by the tag Project");
});
