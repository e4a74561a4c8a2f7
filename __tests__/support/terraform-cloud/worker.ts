import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformToolchain } from "../../../packages/terraform/toolchain";

export interface WorkerOptions {
  readonly toolchain: TerraformToolchain;
  /** Environment variables of every run, such as the CA of the server. */
  readonly env: Readonly<Record<string, string>>;
}

/** The folder and variables of one run. */
export interface Workplace {
  /** Holds the uploaded configuration and the plan. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface TerraformResult {
  readonly code: number;
  readonly output: string;
}

/** Runs the real Terraform on an uploaded configuration, as Terraform Cloud's workers do. */
export class Worker {
  constructor(private readonly options: WorkerOptions) {}

  /** Unpacks a configuration, which the client uploads as a gzipped tar archive. */
  unpack(archive: Buffer, folder: string): void {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "..", "configuration.tar.gz");
    writeFileSync(file, archive);
    const { status, stderr } = spawnSync("tar", ["-xzf", file, "-C", folder], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  }

  /** `onOutput` is called with each part of the output. */
  terraform(
    { folder, env }: Workplace,
    args: readonly string[],
    onOutput: (text: string) => void = () => undefined,
  ): Promise<TerraformResult> {
    const { toolchain } = this.options;
    const terraform = spawn(toolchain.executable.path, [...args], {
      cwd: folder,
      env: {
        ...process.env,
        ...toolchain.env,
        ...this.options.env,
        // the worker runs Terraform here, with the state of the workspace
        TF_FORCE_LOCAL_BACKEND: "1",
        ...env,
      },
    });
    let output = "";
    const read = (bytes: Buffer): void => {
      output += bytes.toString();
      onOutput(bytes.toString());
    };
    terraform.stdout.on("data", read);
    terraform.stderr.on("data", read);
    return new Promise((resolve, reject) => {
      terraform.once("error", reject);
      terraform.once("close", (code) => resolve({ code: code ?? -1, output }));
    });
  }
}
