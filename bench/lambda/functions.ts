import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { zipSync } from "fflate";
import { zipOf } from "../../stacks/constructs/compute/function-code";
import { bundleFunction } from "../../stacks/constructs/compute/program-files";
import { projectFolder } from "@packages/cli-kit/paths";

/** An unpacked function. */
export interface BuiltFunction {
  readonly folder: string;
  /** Sizes in KB: 1000 bytes. */
  readonly bundle: number;
  readonly zip: number;
}

/** The media function from the deployed zip. */
export function media(folder: string): BuiltFunction {
  const [file = ""] = bundleFunction("media", folder);
  return { folder, bundle: statSync(file).size / 1_000, zip: zipOf({ handler: "media" }).length / 1_000 };
}

/** A handler that returns immediately, without dependencies. */
export function empty(folder: string): BuiltFunction {
  mkdirSync(folder, { recursive: true });
  const code = 'exports.handler = async () => ({ statusCode: 200, body: "{}" });\n';
  writeFileSync(join(folder, "index.js"), code);
  return { folder, ...sizes(code) };
}

/** The baseline, fully bundled and minified. */
export async function naive({
  baseline,
  folder,
}: {
  readonly baseline: string;
  readonly folder: string;
}): Promise<BuiltFunction> {
  copyFileSync(join(projectFolder, "handlers/media/openapi.json"), join(baseline, "openapi.json"));
  const outfile = join(folder, "index.js");
  await build({
    entryPoints: [join(baseline, "index.js")],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    outfile,
    logLevel: "error",
  });
  return { folder, ...sizes(readFileSync(outfile)) };
}

function sizes(code: string | Uint8Array): { bundle: number; zip: number } {
  const bytes = Buffer.from(code);
  const zip = zipSync({ "index.js": bytes }, { level: 9 });
  return { bundle: bytes.length / 1_000, zip: zip.length / 1_000 };
}
