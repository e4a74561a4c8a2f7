import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";
import { startProcess } from "@packages/cli-kit/process";
import { Refusal } from "@packages/cli-kit/refusal";
import { pullRequestOf } from "../../stacks/lib/pull-requests";
import { readSynthesized, Stack } from "@packages/terraform/synthesized-stack";

/** A synthesized stack and its folder. */
export class SynthesizedStack extends Stack {
  /** SHA-256 of `cdk.tf.json`, in hexadecimal. */
  readonly sha256: string;

  /** Reads the stack of a folder that holds `cdk.tf.json` and its assets. */
  constructor(
    name: string,
    readonly folder: string,
  ) {
    super(name, readSynthesized(folder));
    this.sha256 = createHash("sha256")
      .update(readFileSync(join(folder, "cdk.tf.json")))
      .digest("hex");
  }
}

/** Output folder of `npm run synth` and of what deploys: `cdktf.out`, or CDKTF_OUTDIR as for the cdktf command. */
export const SYNTH_FOLDER = resolve(projectFolder, process.env.CDKTF_OUTDIR || "cdktf.out");

/** Exit code of `main.ts` for invalid settings; it writes nothing then. */
const INVALID_SETTINGS_EXIT_CODE = 2;

/** Throws a Refusal with one line per invalid setting. */
export async function refuseWrongSettings(): Promise<void> {
  const { environments } = await import("../../stacks/environments");
  const { checkEnvironments } = await import("../../stacks/settings");
  const { SettingsError } = await import("../../stacks/lib/schema");
  try {
    checkEnvironments(environments);
  } catch (error) {
    throw error instanceof SettingsError ? new Refusal(error.message) : error;
  }
}

/**
 * Runs `main.ts`, which writes every stack into the folder, and that of a pull request if its number is given. Throws a Refusal with its output if settings are invalid.
 */
export async function synthesizeAll(outdir: string = SYNTH_FOLDER, pullRequest?: number): Promise<void> {
  const synth = await startProcess({
    name: "synth",
    command: process.execPath,
    args: ["--import", "tsx", "main.ts"],
    cwd: projectFolder,
    env: {
      ...process.env,
      CDKTF_OUTDIR: outdir,
      ...(pullRequest === undefined ? {} : { STREAMFLOW_PULL_REQUEST: String(pullRequest) }),
    },
    mergeOutput: true,
  });
  let output = "";
  synth.stdout?.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const { code } = await synth.ended;
  if (code === INVALID_SETTINGS_EXIT_CODE) throw new Refusal(output.trim());
  if (code !== 0) throw new Error(output.trim() || `main.ts ended with exit code ${code}`);
}

/**
 * Synthesizes all stacks into the folder and reads one of them. Throws as `synthesizeAll` does, and if there is no
 * stack of that name.
 */
export async function synthesize(name: string, outdir: string): Promise<SynthesizedStack> {
  await synthesizeAll(outdir, pullRequestOf(name.replace(/^streamflow-/, "")));
  const folder = join(outdir, "stacks", name);
  if (!existsSync(join(folder, "cdk.tf.json"))) {
    const names = readdirSync(join(outdir, "stacks")).join(", ");
    throw new Error(`no stack is called ${name}: main.ts defines ${names}`);
  }
  return new SynthesizedStack(name, folder);
}
