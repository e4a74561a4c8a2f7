import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { imageContext } from "../../../stacks/constructs/compute/processor-image";
import { NODE_MAJOR } from "../../../stacks/constructs/compute/function-code";
import { aptInstall } from "../../../packages/embedded-aws/programs/apt";
import { nodeOfMajor } from "../../../packages/embedded-aws/programs/node";

/** Programs of the test and the Debian packages that have them. */
const PROGRAMS = ["buildah", "docker-registry", "mmdebstrap"];

/** Installs the programs that are missing; needs root, as the test itself does. */
export async function installPrograms(): Promise<void> {
  for (const name of PROGRAMS) {
    if (spawnSync(name, ["--version"], { stdio: "ignore" }).error !== undefined) await aptInstall(name);
  }
}

/** Runs buildah on a machine without an engine, with its images in a folder. Throws its error output. */
export class Buildah {
  readonly env: NodeJS.ProcessEnv;

  constructor(folder: string) {
    const config = join(folder, "storage.conf");
    mkdirSync(folder, { recursive: true });
    const [run, graph] = [join(folder, "run"), join(folder, "graph")];
    writeFileSync(config, `[storage]\ndriver = "vfs"\nrunroot = "${run}"\ngraphroot = "${graph}"\n`);
    this.env = {
      ...process.env,
      CONTAINERS_STORAGE_CONF: config,
      STORAGE_DRIVER: "vfs",
      BUILDAH_ISOLATION: "chroot",
    };
  }

  run(...args: string[]): string {
    return run("buildah", args, this.env);
  }
}

/** Makes images with the names of the Dockerfile's bases: Debian by mmdebstrap, Node.js from npm. */
export async function makeBaseImages(buildah: Buildah, cache: string): Promise<void> {
  const names = [...String(imageContext().Dockerfile).matchAll(/^FROM (\S+?)@/gm)].map(
    ([, name = ""]) => name,
  );
  const [node = "", debian = ""] = names;
  const suite = /debian:(\w+)-/.exec(debian)?.[1] ?? "";
  imageOf(buildah, debian, [debianFiles(suite, cache), "/"]);
  imageOf(buildah, node, [await nodeOfMajor(NODE_MAJOR), "/usr/local/bin/node"]);
}

/** An archive of the packages that every Debian has; made once, because it takes a minute. */
function debianFiles(suite: string, cache: string): string {
  const file = join(cache, `${suite}.tar`);
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true });
  const made = `${file}.tmp.tar`;
  const packages = "--include=apt,ca-certificates";
  const mirror = "http://deb.debian.org/debian";
  run("mmdebstrap", ["--mode=root", "--variant=essential", packages, suite, made, mirror], process.env);
  renameSync(made, file);
  return file;
}

function imageOf(buildah: Buildah, name: string, [from, to]: readonly [string, string]): void {
  const container = buildah.run("from", "scratch");
  buildah.run("add", "--quiet", container, from, to);
  buildah.run("commit", "--quiet", container, `docker.io/library/${name}`);
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr}`);
  return stdout.trim();
}
