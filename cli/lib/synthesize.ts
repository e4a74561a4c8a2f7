import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";
import { startProcess } from "@packages/cli-kit/process";

export interface SynthesizedStack {
  readonly name: string;
  /** Holds `cdk.tf.json` and its assets. */
  readonly folder: string;
  /** Of the bytes of `cdk.tf.json`, in hexadecimal. */
  readonly sha256: string;
  readonly configuration: Configuration;
}

/** What the tools read of the synthesized JSON. */
export interface Configuration {
  readonly terraform: {
    readonly backend?: {
      readonly s3?: { readonly bucket: string; readonly region: string; readonly key: string };
    };
    readonly cloud?: unknown;
  };
  readonly resource?: {
    readonly aws_s3_bucket?: Readonly<Record<string, { readonly bucket?: string }>>;
    readonly aws_cloudwatch_log_group?: Readonly<Record<string, { readonly name?: string }>>;
    readonly aws_db_instance?: Readonly<Record<string, unknown>>;
  };
  readonly provider: {
    readonly aws: readonly { readonly region: string; readonly allowed_account_ids?: readonly string[] }[];
  };
}

/** Where `npm run synth` writes, unless CDKTF_OUTDIR says otherwise. */
export const SYNTH_FOLDER = join(projectFolder, "cdktf.out");

/** Runs `main.ts`, which writes every stack into the folder. Throws what it printed when the settings are wrong. */
export async function synthesizeAll(outdir: string = SYNTH_FOLDER): Promise<void> {
  const synth = await startProcess({
    name: "synth",
    command: process.execPath,
    args: ["--import", "tsx", "main.ts"],
    cwd: projectFolder,
    env: { ...process.env, CDKTF_OUTDIR: outdir },
    mergeOutput: true,
  });
  let output = "";
  synth.stdout?.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const { code } = await synth.ended;
  if (code !== 0) throw new Error(output.trim() || `main.ts ended with exit code ${code}`);
}

/**
 * Synthesizes every stack into the folder, and reads the one of the name. Throws what `synthesizeAll` throws, and the
 * stacks' names when there is none of that name.
 */
export async function synthesize(name: string, outdir: string): Promise<SynthesizedStack> {
  await synthesizeAll(outdir);
  const folder = join(outdir, "stacks", name);
  const file = join(folder, "cdk.tf.json");
  if (!existsSync(file)) {
    const names = readdirSync(join(outdir, "stacks")).join(", ");
    throw new Error(`there is no stack ${name}: main.ts makes ${names}`);
  }
  const bytes = readFileSync(file);
  return {
    name,
    folder,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    configuration: JSON.parse(bytes.toString("utf8")) as Configuration,
  };
}
