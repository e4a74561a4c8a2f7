import { startProcess } from "../../local/servers/process";
import { projectFolder } from "../../local/folders";

/** Milliseconds that it has to stop its servers and save what they hold. */
const GRACE = 120_000;
/** The last line before it serves until a signal. */
const SERVES = "Ctrl-C stops it";

/** Seconds from the command `npm start` until it serves; it is stopped then. Throws what it said when it ends before. */
export async function secondsToServe(...options: readonly string[]): Promise<number> {
  const began = performance.now();
  const npm = await startProcess({
    name: "npm start",
    command: "npm",
    args: ["start", "--silent", "--", ...options],
    cwd: projectFolder,
    stopSignal: "SIGINT",
    grace: GRACE,
  });
  let output = "";
  try {
    return await new Promise<number>((resolve, reject) => {
      const read = (text: Buffer) => {
        output += text.toString();
        if (output.includes(SERVES)) resolve((performance.now() - began) / 1_000);
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
