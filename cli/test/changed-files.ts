import { execFileSync } from "node:child_process";
import { projectFolder } from "@packages/cli-kit/paths";
import { Refusal } from "@packages/cli-kit/refusal";

/**
 * Paths of the files that differ from the last commit, new ones too, by their place in the repository; deleted ones are
 * left out. Throws a Refusal where there is none, or no repository of git.
 */
export function changedFiles(folder: string = projectFolder): string[] {
  const git = (...args: string[]): string[] => {
    try {
      const lines = execFileSync("git", args, {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
      return lines.split("\0").filter(Boolean);
    } catch (error) {
      throw new Refusal(`--changed asks git what has changed: ${(error as Error).message.trim()}`);
    }
  };
  const files = [
    ...git("diff", "-z", "--name-only", "--relative", "--diff-filter=d", "HEAD"),
    ...git("ls-files", "-z", "--others", "--exclude-standard"),
  ];
  if (files.length === 0) throw new Refusal("--changed: no file differs from the last commit");
  return files;
}
