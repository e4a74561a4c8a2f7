import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { logFile, projectFolder } from "../local/folders";
import { lastLines, startProcess } from "../local/servers/process";
import { digestOf } from "./saved-plan";

const MAIN = "tools/review/main.ts";

/** What the review says of a plan. */
export interface Reviewed {
  readonly verdict: "safe" | "look" | "stop";
  /** Of what the plan would do, in hexadecimal: equal for equal plans, whenever they are made. */
  readonly digest: string;
  /** One line: the verdict with its reasons. */
  readonly line: string;
}

export interface ReviewInput {
  readonly stack: string;
  /** Where review.md, review.html and review.json are written. */
  readonly folder: string;
  readonly planJson: string;
  readonly planFile: string;
}

/** Reviews a plan as a pull request's pipeline does, and reads the verdict. Throws what the review failed of. */
export async function review({ stack, folder, planJson, planFile }: ReviewInput): Promise<Reviewed> {
  if (!existsSync(join(projectFolder, MAIN))) {
    return { verdict: "look", digest: digestOf(planFile), line: "there is none here: read terraform show" };
  }
  const log = logFile("delivery/review");
  const process_ = await startProcess({
    name: "review",
    command: process.execPath,
    args: [...["--import", "tsx", MAIN, "--out", folder, "--plan-file", planFile], `${stack}=${planJson}`],
    cwd: projectFolder,
    log,
  });
  const { code } = await process_.ended;
  if (code !== 0) throw new Error(`the review failed (${log}):\n${lastLines(log, 20)}`);
  return JSON.parse(readFileSync(join(folder, "review.json"), "utf8")) as Reviewed;
}
