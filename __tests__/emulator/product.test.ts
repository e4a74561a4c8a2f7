import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settingsOf, synthTo } from "../support/synth";
import { Start } from "../support/start";
import { consoleJourney } from "./console-journey";
import { largeUpload } from "./large-upload";

/** `npm start`, a creator with a browser, Ctrl-C; and `npm start -- --once`, which leaves nothing. */
let first: Start;
let last: Start;

beforeAll(async () => {
  first = new Start("--fresh", "--name", "emulator-test");
  await first.serving();
}, 900_000);

const synthesized = (): { readonly sha256: string; readonly resources: number } => {
  const folder = mkdtempSync(join(tmpdir(), "streamflow-emulator-"));
  try {
    const stacks = synthTo(folder, [settingsOf("dev")]);
    const stack = stacks.find((path) => path.endsWith("streamflow-dev")) ?? "";
    const json = readFileSync(join(stack, "cdk.tf.json"));
    const { resource } = JSON.parse(json.toString()) as { resource: object };
    return {
      sha256: createHash("sha256").update(json).digest("hex"),
      resources: Object.values(resource).flatMap((named: object) => Object.keys(named)).length,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test("applies the very bytes that npm run synth writes, all of them, and plans nothing more", () => {
  const { sha256, resources } = synthesized();
  expect(first.line("synth")).toContain(sha256);
  expect(first.line("terraform apply")).toContain(`${resources} added, 0 changed, 0 destroyed`);
  expect(first.line("second plan")).toContain("empty");
});

test("keeps the state in the bucket that the foundation made, and the foundation's own beside it", () => {
  expect(first.line("foundation")).toMatch(/\d+ added, 0 changed, 0 destroyed/);
  expect(first.line("foundation's second plan")).toContain(
    "empty, its state moved into the bucket that it made",
  );
});

test("answers GET /health and GET /media through the deployed API", () => {
  expect(first.line("GET /health")).toContain('200 {"database":"up"');
  expect(first.line("GET /media")).toContain('200 {"items":[');
});

describe("the console, in a browser", () => consoleJourney(() => first.serving()));

describe("a large upload", () => {
  const endpoint = (): string => /^AWS +(http\S+)/m.exec(first.output)?.[1] ?? "";
  largeUpload(() => first.serving(), endpoint);
});

test("asks AWS for nothing that a role may not do", () => {
  expect(first.output).not.toContain("AWS would refuse");
  expect(first.line("permissions")).toMatch(
    /[1-9]\d+ requests by [3-9] roles, all allowed by their policies/,
  );
});

describe("Ctrl-C, and npm start -- --once", () => {
  beforeAll(async () => {
    expect((await first.stop()).code).toBe(0);
    last = new Start("--once", "--name", "emulator-test");
    await last.ended;
  }, 600_000);

  test("begins anew, destroys everything, and ends well", async () => {
    const { code, output } = await last.ended;
    // what it printed tells why, where it did not
    expect(code === 0 ? "" : output).toBe("");
  });

  test("leaves nothing behind, neither in the state nor in the account", () => {
    const { resources } = synthesized();
    expect(last.line("terraform destroy")).toContain(`${resources} of ${resources} destroyed`);
    expect(last.line("foundation destroy")).toMatch(/(\d+) of \1 destroyed/);
    expect(last.line("nothing is left")).toContain("neither in a state nor by the tag Project");
  });
});
