import { spawn } from "node:child_process";
import { join } from "node:path";
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { localFolder, projectFolder } from "../../packages/cli-kit/paths";
import { clientConfig } from "../../packages/embedded-aws/client";
import { committedSettingsOf } from "../support/synth";

const EMAIL = "rehearsal@example.com";

/** Result of a command in a shell that sourced the file of `npm start`. */
interface Rehearsed {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command line in a shell that sourced the file, as a person does; `run` is the name of the run. */
function rehearse(run: string, ...words: string[]): Promise<Rehearsed> {
  const place = join(localFolder, run);
  const script = 'set -a; . "$0"; set +a; exec "$@"';
  const child = spawn("/bin/sh", ["-c", script, join(place, "emulator.env"), ...words], {
    cwd: projectFolder,
    // not the folder of the checkout, where other tests synthesize
    env: { ...process.env, AWS_PROFILE: "mine", CDKTF_OUTDIR: join(place, "rehearsal.out") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes: Buffer) => (output += bytes.toString()));
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** Every command of a deployed environment, against a running `npm start` with the name `run`. */
export function rehearsal(run: string, endpointOf: () => string): void {
  const npm = (...words: string[]) =>
    rehearse(run, process.execPath, "--import", "tsx", "commands.ts", ...words);
  const out = ["--out", join(localFolder, run, "rehearsal")];

  async function expectDone(words: string[], ...texts: (string | RegExp)[]): Promise<void> {
    const { code, output } = await npm(...words);
    // the output explains a failure
    expect(code === 0 ? "" : output).toBe("");
    for (const text of texts) expect(output).toMatch(text);
  }

  test("npm run deploy has nothing to change, calls the API and publishes the console", () =>
    expectDone(
      ["deploy", "dev", "--yes", ...out],
      "dev: no changes.",
      /GET http:\/\/localhost:\d+\/api\/health: 200/,
      /rollout: \d+ processors? runs? the new version/,
      /console: \d+ files/,
      "dev is complete",
    ));

  test("npm run doctor finds everything that the environment needs", () =>
    expectDone(
      ["doctor", "dev", ...out],
      /^ok +users +\d+$/m,
      /^ok +image +[0-9a-f]{16}$/m,
      "dev is complete",
    ));

  test("npm run image finds the image that the registry has", () =>
    expectDone(["image", "dev"], /has the image [0-9a-f]{16}/));

  test("npm run drift finds nothing after the apply, and what someone changes", async () => {
    await expectDone(["drift", "dev", ...out], "dev: no changes outside of Terraform.");
    const restore = await changeQueue(endpointOf());
    const { output } = await npm("drift", "dev", ...out);
    await restore();
    expect(output).toContain("dev: 1 resources changed outside of Terraform");
    await expectDone(["drift", "dev", ...out], "dev: no changes outside of Terraform.");
  });

  test("npm run plan and npm run diff see no change", async () => {
    await expectDone(["plan", "dev", ...out], "dev: no changes.");
    await expectDone(["diff", "dev", ...out], "dev: no changes.");
  });

  test("npm run users invites, lists and disables a creator", async () => {
    await expectDone(["users", "dev", "invite", EMAIL, "--yes"], `invited: ${EMAIL}`);
    await expectDone(["users", "dev", "disable", EMAIL, "--yes"], `disabled: ${EMAIL}`);
    await expectDone(["users", "dev", "list"], new RegExp(`${EMAIL} +disabled`));
  });

  test("npm run playback-key says what it would do", () =>
    expectDone(["playback-key", "dev", "--dry-run"], "dry run: would write the key"));

  test("npm run backup copies everything, and npm run restore says what it would restore", async () => {
    await expectDone(["backup", "dev", "--yes", ...out], "to restore it: npm run restore -- dev state");
    for (const kind of [["database"], ["objects", "--bucket", "uploads"]]) {
      const words = ["restore", "dev", ...kind, "--to", "latest", "--dry-run", ...out];
      await expectDone(words, "dry run: nothing was changed");
    }
    const { output } = await npm("restore", "dev", "state", "--to", "latest", "--dry-run", ...out);
    expect(output).toContain("that version is already the current one");
  });

  test("npm run redrive finds no dead letter", () => expectDone(["redrive", "dev"], "dead letters: 0"));

  test("npx cdktf diff and deploy work, and change nothing", async () => {
    for (const words of [["diff"], ["deploy", "--auto-approve"]]) {
      const { code, output } = await rehearse(
        run,
        ...["npx", "cdktf", ...words, "streamflow-dev", "--skip-provider-lock"],
      );
      expect(code === 0 ? "" : output).toBe("");
      expect(output).toContain("No changes.");
    }
  });
}

/** Changes a setting of the queue as someone does in the console; returns what changes it back. */
async function changeQueue(endpoint: string): Promise<() => Promise<void>> {
  const sqs = new SQSClient(clientConfig(endpoint, committedSettingsOf("dev").region));
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "streamflow-dev-media-queue" }));
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout"] }),
  );
  const set = async (VisibilityTimeout: string) => {
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout } }));
  };
  await set("77");
  return () => set(Attributes.VisibilityTimeout ?? "");
}
