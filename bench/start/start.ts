import { startProcess } from "@packages/cli-kit/process";
import { projectFolder } from "@packages/cli-kit/paths";

/** Milliseconds that it has to stop its servers and save what they hold. */
const SHUTDOWN_GRACE_MS = 120_000;
/** Seconds from the command `npm start`. */
export interface Start {
  /** Until it serves: the last line before a signal is waited for. */
  readonly wall: number;
  /** Until Terraform has planned, too, that nothing is left to do. */
  readonly proved: number;
}

/** Starts, and stops what it started once that is proved. Throws what it said when it ends before. */
export async function timeStart(...options: readonly string[]): Promise<Start> {
  const began = performance.now();
  const npm = await startProcess({
    name: "npm start",
    command: "npm",
    args: ["start", "--silent", "--", ...options],
    cwd: projectFolder,
    stopSignal: "SIGINT",
    grace: SHUTDOWN_GRACE_MS,
  });
  let output = "";
  let wall: number | undefined;
  try {
    return await new Promise<Start>((resolve, reject) => {
      const read = (text: Buffer) => {
        output += text.toString();
        const seconds = (performance.now() - began) / 1_000;
        if (output.includes("Ctrl-C stops it")) wall ??= seconds;
        if (wall !== undefined && output.includes("nothing is left to do"))
          resolve({ wall, proved: seconds });
      };
      npm.stdout?.on("data", read);
      npm.stderr?.on("data", read);
      void npm.ended.then(({ code }) =>
        reject(new Error(`npm start ended with exit code ${code}:\n${output.slice(-2_000)}`)),
      );
    });
  } finally {
    await npm.stop();
  }
}
