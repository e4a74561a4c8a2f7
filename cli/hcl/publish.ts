import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Refusal } from "@packages/cli-kit/refusal";

export interface PublishOptions {
  /** Folder of the clone. */
  readonly repository: string;
  /** Folder whose files the branch has, and no others. */
  readonly folder: string;
  readonly branch: string;
  readonly remote: string;
  /** Subject of the commit; the commit that is checked out is added to it. */
  readonly message: string;
  /** Token of GitHub, if the clone has no credentials of its own. */
  readonly token?: string | undefined;
}

export interface Published {
  /** Commit of the branch. */
  readonly commit: string;
  /** False if the branch had these files already. */
  readonly changed: boolean;
}

/**
 * Commits the files of a folder to a branch of a remote repository and pushes it, without a change of the work tree. The
 * branch is created if it is missing, and keeps its history. Throws a Refusal if git fails, such as for a push that another
 * one has overtaken.
 */
export function publishFolder(options: PublishOptions): Published {
  const { repository, folder, branch, remote, message, token } = options;
  const index = mkdtempSync(join(tmpdir(), "publish-index-"));
  const git = (...args: string[]): string =>
    runGit(args, { repository, env: { ...credentials(token), GIT_INDEX_FILE: join(index, "index") } });
  try {
    if (git("rev-parse", "--abbrev-ref", "HEAD") === branch)
      throw new Refusal(
        `${branch} is the branch that is checked out: its files would be replaced; nothing was changed`,
      );
    git("--work-tree", resolve(folder), "add", "--all", "--force", ".");
    const tree = git("write-tree");
    const parent = tipOf(git, { remote, branch });
    if (parent !== undefined && git("rev-parse", `${parent}^{tree}`) === tree)
      return { commit: parent, changed: false };
    const parents = parent === undefined ? [] : ["-p", parent];
    const commit = git("commit-tree", tree, ...parents, "-m", `${message} of ${git("rev-parse", "HEAD")}`);
    git("push", "--quiet", remote, `${commit}:refs/heads/${branch}`);
    return { commit, changed: true };
  } finally {
    rmSync(index, { recursive: true });
  }
}

type Git = (...args: string[]) => string;

/** Commit of a remote branch, fetched; undefined if there is no such branch. */
function tipOf(
  git: Git,
  { remote, branch }: { readonly remote: string; readonly branch: string },
): string | undefined {
  const ref = `refs/heads/${branch}`;
  if (git("ls-remote", remote, ref) === "") return undefined;
  git("fetch", "--quiet", "--no-tags", remote, ref);
  return git("rev-parse", "FETCH_HEAD");
}

/** Commits are those of the workflow, if the clone names no author. */
const IDENTITY = {
  GIT_AUTHOR_NAME: "github-actions[bot]",
  GIT_AUTHOR_EMAIL: "41898282+github-actions[bot]@users.noreply.github.com",
  GIT_COMMITTER_NAME: "github-actions[bot]",
  GIT_COMMITTER_EMAIL: "41898282+github-actions[bot]@users.noreply.github.com",
};

/** Whether a remote repository has a branch. Throws a Refusal if it can't be asked. */
export function hasBranch({
  repository,
  branch,
  remote,
  token,
}: Pick<PublishOptions, "repository" | "branch" | "remote" | "token">): boolean {
  const args = ["ls-remote", remote, `refs/heads/${branch}`];
  return runGit(args, { repository, env: credentials(token) }) !== "";
}

/** A header for GitHub, in variables: arguments can be read by other processes. */
function credentials(token: string | undefined): NodeJS.ProcessEnv {
  if (token === undefined || token === "") return {};
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.https://github.com/.extraheader",
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
  };
}

function runGit(
  args: readonly string[],
  { repository, env }: { readonly repository: string; readonly env: NodeJS.ProcessEnv },
): string {
  try {
    return execFileSync("git", [...args], {
      cwd: repository,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...IDENTITY, ...env },
      maxBuffer: 2 ** 26,
    }).trim();
  } catch (error) {
    const { stderr = "" } = error as { readonly stderr?: string };
    throw new Refusal(`git ${args[0]} failed: ${stderr.trim()}`);
  }
}
