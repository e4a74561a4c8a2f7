import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { SETTINGS } from "../../cli/docs/settings";
import { settingComments } from "../../cli/docs/settings-comments";
import { SettingsError } from "../../stacks/lib/schema";
import { checkEnvironments } from "../../stacks/settings";
import { expectNoFaults } from "../support/faults";
import { settingsOf } from "../support/synth";

type Json = Record<string, unknown>;

const prod = settingsOf("prod") as unknown as Json;

/** Settings with every optional setting and everything on, and settings with everything off. */
const full = {
  ...prod,
  repositoryIds: { owner: 1, repository: 2 },
  accountWide: { gitHubProvider: "create", terraformCloudProvider: "existing", apiGatewayLogRole: "create" },
  state: { ...settingsOf("prod").state, audit: { retentionDays: 365, dataEvents: true } },
  dns: { kind: "route53", hostedZoneId: "Z0123456789" },
  media: { ...settingsOf("prod").media, concurrency: 10 },
  processor: { ...settingsOf("prod").processor, preset: "medium", loudness: -16, av1: true, downloads: true },
  grafana: { ...settingsOf("prod").grafana, identityCenterRegion: "eu-west-1" },
  app: { ...settingsOf("prod").app, repository: "https://github.com/a/b", domain: "console.example.com" },
};
const cloud = {
  ...settingsOf("dev"),
  state: {
    kind: "terraform-cloud",
    organization: "acme",
    hostname: "terraform.example.com",
    project: "Video platform",
    execution: "local",
    teams: { sample: "write" },
    notificationUrl: "https://hooks.slack.com/services/T0/B0/x",
    reviewTask: true,
  },
  dns: {
    kind: "certificates",
    edgeCertificateArn: "arn:aws:acm:us-east-1:111111111111:certificate/12345678-1234-1234-1234-123456789012",
    originCertificateArn:
      "arn:aws:acm:us-east-1:111111111111:certificate/12345678-1234-1234-1234-123456789013",
  },
  grafana: {
    kind: "saml",
    metadataUrl: "https://idp.example/m",
    roleAttribute: "role",
    adminRoles: ["ops"],
    editorRoles: ["dev"],
  },
  firewall: { ...settingsOf("prod").firewall, edge: { off: "a test" } },
  network: { ...settingsOf("dev").network, flowLogs: { off: "a test" } },
  cache: { ...settingsOf("dev").cache, authentication: { off: "a test" } },
  backup: { ...settingsOf("prod").backup, vaultLock: { off: "a test" }, copyTo: { off: "a test" } },
};
const quiet = { ...cloud, dns: { off: "a test" }, backup: { off: "a test" }, budget: { off: "a test" } };
const small = { ...settingsOf("dev"), pullRequests: { most: 2, expireAfterDays: 3 } };
const BASES: readonly Json[] = [full, cloud, quiet, small];

const linesOf = (settings: unknown): readonly string[] => {
  try {
    checkEnvironments([settings]);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
};

const keysOf = (path: string): string[] => path.replace(/\.NAME$/, ".sample").split(".");

const at = (settings: unknown, keys: readonly string[]): unknown =>
  keys.reduce<unknown>((group, key) => (group as Json | undefined)?.[key], settings);

/** A copy of the first settings that have the path, with a changed group. */
function changed(
  path: string,
  change: (group: Json, key: string) => void,
): { label: string; settings: Json } {
  const keys = keysOf(path);
  const base = BASES.find((settings) => at(settings, keys) !== undefined);
  if (base === undefined)
    throw new Error(`add a value of ${path} to full in __tests__/stacks/settings-paths.test.ts`);
  const settings = structuredClone(base);
  const last = keys.pop() ?? "";
  change(at(settings, keys) as Json, last);
  const name = typeof settings.name === "string" ? settings.name : "environments[0]";
  return { label: /^[\w-]+$/.test(name) ? name : "environments[0]", settings };
}

/** One line in the project's own words about the path. */
function expectOneLine(lines: readonly string[], path: string): void {
  expect(lines).toHaveLength(1);
  expect(lines[0]?.startsWith(`${path} must be `) || lines[0]?.startsWith(`${path} is not a setting`)).toBe(
    true,
  );
  expect(lines[0]).not.toMatch(/\n|\binvalid\b|undefined|\.ts:\d/i);
}

const PATHS = SETTINGS.map(({ path }) => path);
const pathText = (path: string): string => keysOf(path).join(".");

test("the settings that are changed here are right", () => {
  expectNoFaults(BASES.flatMap(linesOf));
  expect(PATHS.length).toBeGreaterThan(110);
});

test.each(SETTINGS)("$path: one line where it is missing, none where it may be", ({ path, isOptional }) => {
  const { label, settings } = changed(path, (group, key) => delete group[key]);
  const lines = linesOf(settings);
  if (isOptional) return expect(lines).toEqual([]);
  // Disabled without a reason, and keys without a value, are reported as a whole.
  const told = pathText(path).replace(/\.(off|sample)$/, "");
  expectOneLine(lines, `${label}.${told}`);
});

test.each(PATHS)("%s: one line where it is null", (path) => {
  const { label, settings } = changed(path, (group, key) => (group[key] = null));
  expectOneLine(linesOf(settings), `${label}.${pathText(path)}`);
});

const WRONG = [
  "",
  "wrong",
  0.5,
  -1,
  NaN,
  Infinity,
  1n,
  true,
  false,
  [],
  [null],
  {},
  Symbol("s"),
  () => 1,
  new Date(0),
];

test.each(PATHS)("%s: one line for each value of another type", (path) => {
  const before = at(
    BASES.find((settings) => at(settings, keysOf(path)) !== undefined),
    keysOf(path),
  );
  const others = WRONG.filter(
    (value) =>
      typeof value !== typeof before ||
      (typeof before === "object" && Array.isArray(before) !== Array.isArray(value)),
  );
  expect(others.length).toBeGreaterThan(8);
  for (const value of others) {
    const { label, settings } = changed(path, (group, key) => (group[key] = value));
    const lines = linesOf(settings);
    // The only other valid type: { off } or text, true or { off }.
    if (lines.length === 0)
      expect([value, path]).toEqual([true, expect.stringMatching(/multiAz|edge|vaultLock|streams/)]);
    else expectOneLine(lines, `${label}.${pathText(path)}`);
  }
});

test.each(PATHS.filter((path) => !path.endsWith(".NAME")))(
  "%s: one line for an unknown setting beside it",
  (path) => {
    const { label, settings } = changed(path, (group, key) => (group[`${key}x`] = 1));
    expectOneLine(linesOf(settings), `${label}.${path}x`);
  },
);

test.each(PATHS.filter((path) => Array.isArray(at(full, keysOf(path)))))(
  "%s: one line for a wrong item",
  (path) => {
    for (const item of [null, 5, {}, ["a"], ""]) {
      const { label, settings } = changed(path, (group, key) => (group[key] as unknown[]).push(item));
      expectOneLine(linesOf(settings), `${label}.${path}[${(at(full, keysOf(path)) as unknown[]).length}]`);
    }
  },
);

test("two settings in disorder are two lines, whichever they are", () => {
  const paths = PATHS.filter((path) => at(full, keysOf(path)) !== undefined);
  for (const [index, path] of paths.entries()) {
    const other = paths[(index + 37) % paths.length] ?? "";
    if (path.startsWith(other) || other.startsWith(path) || [path, other].includes("name")) continue;
    const settings = structuredClone(full) as Json;
    for (const keys of [path, other].map(keysOf)) {
      const last = keys.pop() ?? "";
      (at(settings, keys) as Json)[last] = null;
    }
    expect(
      linesOf(settings)
        .map((line) => line.split(" ")[0])
        .sort(),
    ).toEqual([path, other].map((one) => `prod.${pathText(one)}`).sort());
  }
});

const STACKS = resolve(__dirname, "../../stacks");

/** Code of the stacks without comments, schemas and values of settings. */
const code = readdirSync(STACKS, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !/(^|\/)(settings|environments)\.ts$/.test(file))
  .map((file) => readFileSync(join(STACKS, file), "utf8").replace(/^\s*(\/\/|\/?\*).*$/gm, ""))
  .join("\n");

/** Settings that only commands read. */
const READ_BY_COMMANDS = [
  "profile",
  "pullRequests.expireAfterDays",
  "grafana.identityCenterRegion",
  "state.teams",
  "state.notificationUrl",
];

/** Settings whose name no construct mentions, so that nothing reads them. */
const unread = (paths: readonly string[]): string[] =>
  paths
    .filter((path) => !new RegExp(`\\b${path.split(".").at(-1)}\\b`).test(code))
    .map((path) => `no construct reads ${path}: use it in stacks/constructs, or remove it`);

test("every setting is read by a construct", () => {
  expectNoFaults(unread(PATHS.filter((path) => !path.endsWith(".NAME") && !READ_BY_COMMANDS.includes(path))));
  expect(unread(["queue.maxReceives", "queue.colourOfMessages"])).toEqual([
    "no construct reads queue.colourOfMessages: use it in stacks/constructs, or remove it",
  ]);
});

test("every setting has a doc comment, which the reference page shows", () => {
  const comments = settingComments();
  const without = PATHS.filter((path) => !/\.(off|NAME)$/.test(path) && !comments.get(path)?.text);
  expectNoFaults(
    without.map((path) => `write a doc comment above ${path.split(".").at(-1)} in the schema of ${path}`),
  );
  const tags = new Set([...comments.values()].flatMap((comment) => [...comment.tags.keys()]));
  expect([...tags].sort()).toEqual(["cost", "default", "risk"]);
});
