import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { matchesName, ruleAttributes, ruleTypes } from "./rule-names";

/**
 * Writes names.json: the types and attributes of Google Cloud, Azure and Kubernetes that rules of the plan review name, as far
 * as the providers have them. Their schemas come from the bindings that CDKTF generated from them, in packages of npm; they
 * are too large (500 MB) for dependencies. Run it after a rule was added: npx tsx __tests__/support/provider-names/write.ts
 */
const PACKAGES: readonly (readonly [name: string, version: string])[] = [
  ["@cdktf/provider-google", "16.12.1"],
  ["@cdktf/provider-azurerm", "14.23.1"],
  // Many projects still use version 3 of the provider, which has types that version 4 has not.
  ["@cdktf/provider-azurerm", "12.27.0"],
  ["@cdktf/provider-kubernetes", "12.1.1"],
];

/** Paths of all attributes and blocks by type. */
type Schema = Map<string, Set<string>>;

interface Source {
  readonly package: string;
  readonly provider: string;
  readonly schema: Schema;
}

function read(name: string, version: string): Source {
  const folder = mkdtempSync(join(tmpdir(), "provider-names-"));
  try {
    execFileSync("npm", ["pack", "--silent", `${name}@${version}`], { cwd: folder });
    const [archive = ""] = readdirSync(folder);
    const files = ["--wildcards", "package/package.json", "package/lib/*.js"];
    execFileSync("tar", ["-xzf", archive, ...files], { cwd: folder });
    const root = join(folder, "package");
    const { cdktf } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      cdktf: { provider: { name: string; version: string } };
    };
    const schema: Schema = new Map();
    for (const entry of readdirSync(join(root, "lib"), { withFileTypes: true }))
      if (entry.isDirectory()) readType(join(root, "lib", entry.name), schema);
    const provider = `${cdktf.provider.name.replace(/^registry\.terraform\.io\//, "")} ${cdktf.provider.version}`;
    return { package: `${name} ${version}`, provider, schema };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Members of an object that a function of the bindings returns: an attribute, and the function for its parts. */
const MEMBER = /^ {4,12}(\w+): (.*),$/gm;

function readType(folder: string, schema: Schema): void {
  const sources = (readdirSync(folder, { recursive: true }) as string[]).filter((file) =>
    file.endsWith(".js"),
  );
  const code = sources
    .map((file) => readFileSync(join(folder, file), "utf8").replace(/^\/\/# sourceMappingURL=.*$/gm, ""))
    .join("\n");
  const [, type] = /\.tfResourceType = "(\w+)"/.exec(code) ?? [];
  // Data sources have the names of resources.
  if (type === undefined || !code.includes("extends cdktf.TerraformResource")) return;
  const parts = new Map<string, string>();
  for (const [, name = "", body = ""] of code.matchAll(
    /^function (\w+)ToTerraform\(struct\) \{([\s\S]*?)^\}/gm,
  ))
    parts.set(name, body);
  const [, whole = ""] = /^ {4}synthesizeAttributes\(\) \{([\s\S]*?)^ {4}\}/m.exec(code) ?? [];
  const paths = new Set(pathsIn(whole, { parts, known: new Map(), depth: 0 }));
  // What only the provider sets is read from the state.
  const [, computed = ""] = code.split(/^class \w+ extends cdktf\.TerraformResource /m);
  for (const [, name = ""] of computed.matchAll(/\w+Attribute\('(\w+)'\)/g)) paths.add(name);
  schema.set(type, paths);
}

interface Reading {
  readonly parts: ReadonlyMap<string, string>;
  /** Paths of parts that are read already. */
  readonly known: Map<string, readonly string[]>;
  readonly depth: number;
}

/** Deepest level of blocks; some types contain themselves. */
const MAX_DEPTH = 12;

function pathsIn(body: string, { parts, known, depth }: Reading): string[] {
  return [...body.matchAll(MEMBER)].flatMap(([, name = "", value = ""]) => {
    const [, part = ""] = /(?:^|[(\s])(?:\w+\.)?(\w+)ToTerraform\b/.exec(value) ?? [];
    const below = parts.get(part);
    if (below === undefined || depth > MAX_DEPTH) return [name];
    const inner = known.get(part) ?? pathsIn(below, { parts, known, depth: depth + 1 });
    known.set(part, inner);
    return [name, ...inner.map((path) => `${name}.${path}`)];
  });
}

/** A path of a type for each of the ends that paths have: `a.b.c` for `c`, `b.c` and `a.b.c`. */
function shortestByEnd(paths: ReadonlySet<string>): Map<string, string> {
  const ends = new Map<string, string>();
  for (const path of [...paths].sort((one, other) => one.length - other.length)) {
    const names = path.split(".");
    for (const index of names.keys()) {
      const end = names.slice(index).join(".");
      if (!ends.has(end)) ends.set(end, path);
    }
  }
  return ends;
}

/** For each attribute of a rule the first type of a provider that has it. */
function evidence({ schema }: Source): Record<string, string[]> {
  const found = new Map<string, Set<string>>();
  const types = [...schema.keys()].sort();
  const ends = new Map([...schema].map(([type, paths]) => [type, shortestByEnd(paths)]));
  for (const name of ruleTypes().filter((one) => schema.has(one))) found.set(name, new Set());
  for (const { types: names, attributes } of ruleAttributes()) {
    const of = types.filter((type) => names.some((name) => matchesName(name, type)));
    for (const attribute of attributes) {
      for (const type of of) {
        const path = ends.get(type)?.get(attribute);
        if (path === undefined) continue;
        found.set(type, (found.get(type) ?? new Set<string>()).add(path));
        break;
      }
    }
  }
  return Object.fromEntries(
    [...found]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([type, paths]) => [type, [...paths].sort()]),
  );
}

/** What several versions of a provider have. */
function merged(all: readonly Record<string, string[]>[]): Record<string, string[]> {
  const types = [...new Set(all.flatMap((one) => Object.keys(one)))].sort();
  return Object.fromEntries(
    types.map((type) => [type, [...new Set(all.flatMap((one) => one[type] ?? []))].sort()]),
  );
}

const sources = PACKAGES.map(([name, version]) => read(name, version));
const written = {
  "//": "Written by write.ts beside this file: names of the providers that rules of the plan review use.",
  sources: sources.map(({ package: from, provider }) => `${provider}, in ${from}`),
  types: merged(sources.map(evidence)),
};
const file = join(__dirname, "names.json");
writeFileSync(file, JSON.stringify(written));
execFileSync("npx", ["prettier", "--write", "--log-level", "warn", file]);
