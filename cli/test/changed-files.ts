import { execFileSync } from "node:child_process";
import { projectFolder } from "@packages/cli-kit/paths";
import { Refusal } from "@packages/cli-kit/refusal";

/**
 * Repository paths of files that differ from the last commit, with new and without deleted files. Throws a Refusal if
 * there are none or it is not a Git repository.
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
      throw new Refusal(`--changed needs git: ${(error as Error).message.trim()}`);
    }
  };
  const files = [
    ...git("diff", "-z", "--name-only", "--relative", "--diff-filter=d", "HEAD"),
    ...git("ls-files", "-z", "--others", "--exclude-standard"),
  ];
  if (files.length === 0) throw new Refusal("--changed: no file differs from the last commit");
  return files;
}
