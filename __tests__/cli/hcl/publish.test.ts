import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasBranch, publishFolder } from "../../../cli/hcl/publish";

let home: string;
let remote: string;
let repository: string;
let folder: string;

const git = (...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.com", ...args], {
    cwd: repository,
    encoding: "utf8",
  }).trim();

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "streamflow-publish-"));
  [remote, repository, folder] = ["remote.git", "clone", "clone/hcl.out"].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(join(folder, "network"), { recursive: true });
  execFileSync("git", ["init", "--quiet", "--bare", remote]);
  git("init", "--quiet", "--initial-branch", "main");
  git("remote", "add", "origin", remote);
  writeFileSync(join(repository, ".gitignore"), "hcl.out/\n*.zip\n");
  writeFileSync(join(repository, "main.ts"), "code");
  git("add", "--all");
  git("commit", "--quiet", "-m", "Write the code");
  git("push", "--quiet", "origin", "main");
  writeFileSync(join(folder, "network", "main.tf"), 'resource "a" "b" {}\n');
  writeFileSync(join(folder, "network", "media.zip"), "zip");
});
afterEach(() => rmSync(home, { recursive: true }));

const publish = (options = {}) =>
  publishFolder({
    repository,
    folder,
    branch: "hcl",
    remote: "origin",
    message: "Write the HCL",
    ...options,
  });
const files = (): string[] =>
  execFileSync("git", ["ls-tree", "-r", "--name-only", "hcl"], { cwd: remote, encoding: "utf8" })
    .trim()
    .split("\n");
const commits = (): string[] =>
  execFileSync("git", ["log", "--format=%s", "hcl"], { cwd: remote, encoding: "utf8" }).trim().split("\n");
const content = (file: string): string =>
  execFileSync("git", ["show", `hcl:${file}`], { cwd: remote, encoding: "utf8" });

test("a new branch has the files of the folder, also ignored ones, and no others", () => {
  const head = git("rev-parse", "HEAD");
  expect(publish()).toMatchObject({ changed: true });
  expect(files()).toEqual(["network/main.tf", "network/media.zip"]);
  expect(content("network/main.tf")).toBe('resource "a" "b" {}\n');
  expect(commits()).toEqual([`Write the HCL of ${head}`]);
});

test("the work tree, its index and its branch stay as they are", () => {
  writeFileSync(join(repository, "main.ts"), "changed");
  git("add", "main.ts");
  const before = [git("status", "--porcelain"), git("rev-parse", "HEAD"), git("branch")];
  publish();
  expect([git("status", "--porcelain"), git("rev-parse", "HEAD"), git("branch")]).toEqual(before);
});

test("a branch is there after the first push", () => {
  const known = () => hasBranch({ repository, branch: "hcl", remote: "origin" });
  expect(known()).toBe(false);
  publish();
  expect(known()).toBe(true);
});

test("without a difference there is no new commit; a difference follows the last commit", () => {
  const { commit } = publish();
  expect(publish()).toEqual({ commit, changed: false });
  writeFileSync(join(folder, "network", "main.tf"), 'resource "a" "c" {}\n');
  rmSync(join(folder, "network", "media.zip"));
  expect(publish()).toMatchObject({ changed: true });
  expect(files()).toEqual(["network/main.tf"]);
  expect(commits()).toHaveLength(2);
});

test("the branch that is checked out is refused, and so is what git refuses, in one line without the token", () => {
  expect(() => publish({ branch: "main" })).toThrow(/^main is the branch that is checked out/);
  const failing = () => publish({ remote: join(home, "nowhere.git"), token: "secret-token" });
  expect(failing).toThrow(/^git ls-remote failed: /);
  expect(failing).not.toThrow(/secret-token/);
});
