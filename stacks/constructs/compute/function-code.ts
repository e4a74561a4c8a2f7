import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { buildSync } from "esbuild";
import { unzipSync, zipSync, type Zippable } from "fflate";

export interface FunctionCodeProps {
  /** Entry file below `handlers/`, or an absolute path, without extension: `media` is `handlers/media.ts`. */
  readonly handler: string;
  /** Folders below `handlers/` to copy next to the bundle, with the same name. */
  readonly include?: readonly string[];
}

/** Major version of Node.js in the functions' runtime and in the processor's image. */
export const NODE_MAJOR = 22;

export const HANDLERS_FOLDER = resolve(__dirname, "../../../handlers");
/** The earliest time in a zip; independent of time zones. */
const ZIP_MODIFICATION_TIME = new Date(1980, 0, 1);

/** Cache: bundles are the same for every environment. */
const made = new Map<string, Uint8Array>();

/** A Lambda zip, byte-identical on every machine for the same source. */
export class FunctionCode extends Construct {
  /** Path of the zip, relative to the synthesized stack. */
  readonly path: string;
  /** Base64 SHA-256 of the zip, as Lambda computes it. */
  readonly hash: string;

  constructor(scope: Construct, id: string, props: FunctionCodeProps) {
    super(scope, id);
    const zip = zipOf(props);
    this.hash = createHash("sha256").update(zip).digest("base64");
    const file = kept(zip, `${basename(props.handler)}.zip`);
    this.path = new TerraformAsset(this, "zip", { path: file, type: AssetType.FILE }).path;
  }
}

/** The zip of a handler. */
export function zipOf({ handler, include = [] }: FunctionCodeProps): Uint8Array {
  const key = [handler, ...include].join();
  const zip = made.get(key) ?? zipped({ "index.js": bundle(handler), ...filesOf(include) });
  made.set(key, zip);
  return zip;
}

/** The bundled program of a handler, as its zip contains it. */
export function programOf(handler: string): Uint8Array {
  return unzipSync(zipOf({ handler }))["index.js"] ?? new Uint8Array();
}

function bundle(handler: string): Uint8Array {
  const { outputFiles } = buildSync({
    entryPoints: [`${handler}.ts`],
    absWorkingDir: HANDLERS_FOLDER,
    bundle: true,
    minify: true,
    legalComments: "none",
    platform: "node",
    target: `node${NODE_MAJOR}`,
    format: "cjs",
    write: false,
    outdir: "bundle",
    // Shims that replace unused code: a sixth of a function and its start time; each file explains what it replaces.
    alias: {
      semver: "./runtime/shims/semver",
      debug: "./runtime/shims/debug",
      "cls-hooked/context": "./runtime/shims/cls-hooked",
      "@ioredis/commands": "./runtime/shims/redis-commands",
    },
    // Without `navigator`, which Node.js has since version 21, `pg` loads all of `fetch` to detect its runtime.
    define: { navigator: '{"userAgent":"Node.js"}' },
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild produced no output for handlers/${handler}.ts`);
  return file.contents;
}

function filesOf(folders: readonly string[]): Record<string, Uint8Array> {
  const names = folders.flatMap((folder) =>
    readdirSync(join(HANDLERS_FOLDER, folder)).map((file) => `${folder}/${file}`),
  );
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(HANDLERS_FOLDER, name))]));
}

function zipped(files: Record<string, Uint8Array>): Uint8Array {
  const entries = Object.keys(files).sort();
  const zippable: Zippable = Object.fromEntries(
    // Unix mode, readable by Lambda's user.
    entries.map((name) => [name, [files[name] ?? new Uint8Array(), { os: 3, attrs: 0o100644 << 16 }]]),
  );
  return zipSync(zippable, { level: 9, mtime: ZIP_MODIFICATION_TIME });
}

/** Writes the zip to a path with its hash, safe for concurrent runs; returns the path. */
function kept(zip: Uint8Array, name: string): string {
  const folder = join(tmpdir(), `streamflow-${createHash("sha256").update(zip).digest("hex")}`);
  const file = join(folder, name);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, zip);
  renameSync(partial, file);
  return file;
}
