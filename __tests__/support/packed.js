const { createHash } = require("node:crypto");
const {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} = require("node:fs");
const { join, resolve } = require("node:path");
const { buildSync, version } = require("esbuild");

const root = resolve(__dirname, "../..");
const folder = join(root, "node_modules/.cache/streamflow-tests");

/** CDKTF and the resources in use, as tests load them. */
module.exports.moduleNameMapper = {
  "^cdktf$": join(folder, "cdktf.js"),
  "^@cdktf/provider-aws/lib/([\\w-]+)$": [join(folder, "$1.js"), "@cdktf/provider-aws/lib/$1"],
};

/**
 * Packs each into one file without source maps. Every test file loads them again: 475 files of 15 MB become 100 of 3
 * MB. Repeated when a version or the resources in use change; takes about a second.
 *
 * CDKTF stores for each of its thousands of tokens where it was created, as text with source maps applied: half the
 * time of a synth under jest, for a hint that only its own errors show. The packed version does not.
 */
module.exports.pack = () => {
  const resources = usedIn(join(root, "stacks"));
  const versions = ["cdktf", "@cdktf/provider-aws"].map((name) => require(`${name}/package.json`).version);
  const wanted = JSON.stringify([version, versions, resources, hash(readFileSync(__filename))]);
  const stamp = join(folder, "packed.json");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const draft = mkdtempSync(join(root, "node_modules/.packing-"));
  const options = {
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minifyWhitespace: true,
    legalComments: "none",
    logLevel: "error",
  };
  const cdktf = `require("cdktf/lib/tokens/private/stack-trace").captureStackTrace = () => [];
    module.exports = require("cdktf");`;
  buildSync({
    ...options,
    stdin: { contents: cdktf, resolveDir: root },
    outfile: join(draft, "cdktf.js"),
    external: ["constructs"],
  });
  buildSync({
    ...options,
    entryPoints: Object.fromEntries(resources.map((name) => [name, `@cdktf/provider-aws/lib/${name}`])),
    outdir: draft,
    external: ["cdktf", "constructs"],
  });
  cpSync(draft, folder, { recursive: true });
  rmSync(draft, { recursive: true });
  writeFileSync(stamp, wanted);
};

function usedIn(sources) {
  const files = readdirSync(sources, { recursive: true }).filter((file) => file.endsWith(".ts"));
  const names = files.flatMap((file) =>
    [...readFileSync(join(sources, file), "utf8").matchAll(/"@cdktf\/provider-aws\/lib\/([\w-]+)"/g)].map(
      ([, name]) => name,
    ),
  );
  return [...new Set(names)].sort();
}

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
