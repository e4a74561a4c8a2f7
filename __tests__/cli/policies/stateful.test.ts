import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { report } from "../../../cli/policies/report";
import {
  ACCEPT,
  ACCEPT_DATA_LOSS,
  compare,
  type Manifest,
  manifestOf,
  mayRecord,
} from "../../../cli/policies/stateful";
import { STATEFUL_TYPES } from "../../../cli/policies/stateful-types";
import { HELD } from "../../../packages/plan-review/losses";
import { readStacks, Stack } from "../../../packages/terraform/synthesized-stack";
import { environments } from "../../../stacks/environments";
import { expectNoFaults } from "../../support/faults";
import { type Attributes, readJson, synthEnvironment, synthTo } from "../../support/synth";

interface Planted {
  /** Path below the stack: `storage/uploads/Default`. */
  readonly buckets?: Readonly<Record<string, Attributes>>;
  readonly other?: Attributes;
  readonly moved?: readonly Attributes[];
  readonly removed?: readonly Attributes[];
  readonly account?: string;
}

const addressOf = (path: string): string =>
  path
    .split("/")
    .filter((id) => id !== "Default")
    .join("_");

function stackOf(
  { buckets = {}, other = {}, moved = [], removed = [], account = "1" }: Planted,
  name = "app",
): Stack {
  const named = Object.entries(buckets).map(([path, attributes]) => [
    addressOf(path),
    { ...attributes, "//": { metadata: { path: `${name}/${path}` } } },
  ]);
  return new Stack(name, {
    provider: { aws: [{ allowed_account_ids: [account] }] },
    resource: { aws_s3_bucket: Object.fromEntries(named) as Attributes, aws_sns_topic: { t: {} }, ...other },
    moved,
    removed,
  });
}

const uploads = stackOf({ buckets: { "storage/uploads/Default": { bucket: "app-uploads" } } });
const ADDRESS = "aws_s3_bucket.storage_uploads";
const manifest: Manifest = {
  app: {
    account: "1",
    resources: {
      [ADDRESS]: { construct: "storage/uploads/Default", identity: { bucket: "app-uploads" } },
    },
  },
};
const MOVED = { from: ADDRESS, to: "aws_s3_bucket.storage_ingest" };
const ENTRY = '  { from: "storage/uploads", to: "storage/ingest" },';

test("the manifest records what holds data in every committed stack", () => {
  const folder = mkdtempSync(join(tmpdir(), "streamflow-stateful-"));
  synthTo(folder, environments);
  const stacks = readStacks(folder);
  rmSync(folder, { recursive: true });
  const recorded = readJson("docs/stateful-addresses.json") as Manifest;
  expect(stacks.length).toBeGreaterThan(environments.length);
  expectNoFaults(
    compare(recorded, stacks).map(({ stack, finding, remedy }) => `${stack}: ${finding}; ${remedy}`),
  );
  expect(manifestOf(stacks)).toEqual(recorded);
});

test("every type that holds data has attributes that identify it, and a construct that sets them", () => {
  const faults = Object.entries(STATEFUL_TYPES).flatMap(([type, { file, replacedBy }]) => {
    const path = resolve(__dirname, "../../..", file);
    const source = existsSync(path) ? readFileSync(path, "utf8") : "";
    const module = `provider-aws/lib/${type.replace("aws_", "").replaceAll("_", "-")}"`;
    return [
      ...(replacedBy.length > 0 ? [] : [`list what replaces ${type} in cli/policies/stateful-types.ts`]),
      ...(source.includes(module)
        ? []
        : [`name the file that creates ${type} in cli/policies/stateful-types.ts`]),
      ...(type in HELD ? [] : [`say what ${type} holds in packages/plan-review/losses.ts`]),
    ];
  });
  expectNoFaults(faults);
});

test("records what holds data, with its path, its identity and the account", () => {
  expect(manifestOf([uploads])).toEqual(manifest);
  expect(compare(manifest, [uploads])).toEqual([]);
});

test("records the value behind a reference", () => {
  const cache = {
    aws_elasticache_replication_group: {
      cache: { subnet_group_name: "${aws_elasticache_subnet_group.s.name}" },
    },
    aws_elasticache_subnet_group: { s: { name: "app-cache" } },
  };
  const { app } = manifestOf([stackOf({ other: cache })]);
  expect(app?.resources["aws_elasticache_replication_group.cache"]?.identity).toEqual({
    subnet_group_name: "app-cache",
  });
});

test("a resource that Terraform forgets for another stack is recorded as a change, without a loss", () => {
  const left = compare(manifest, [stackOf({ removed: [{ from: ADDRESS, lifecycle: { destroy: false } }] })]);
  expect(left).toMatchObject([{ address: ADDRESS, remedy: `record the change: ${ACCEPT}` }]);
  expect(left.filter(({ losesData }) => losesData)).toEqual([]);
});

test.each([
  ["is destroyed", { from: ADDRESS, lifecycle: { destroy: true } }],
  ["is another one", { from: "aws_s3_bucket.other", lifecycle: { destroy: false } }],
])("fails when the resource of a removed block %s", (_, removed) => {
  const lost = compare(manifest, [stackOf({ removed: [removed] })]);
  expect(lost).toMatchObject([{ address: ADDRESS, losesData: true }]);
});

test("fails when a construct is renamed, with the entry that keeps its resources", () => {
  const renamed = stackOf({ buckets: { "storage/ingest/Default": { bucket: "app-ingest" } } });
  const findings = compare(manifest, [renamed]);
  expect(findings).toMatchObject([
    {
      stack: "app",
      address: ADDRESS,
      path: "app/storage/ingest/Default",
      files: ["stacks/renamed-constructs.ts"],
      losesData: true,
    },
  ]);
  expect(findings[0]?.remedy.split("\n")).toContain(ENTRY);
  expect(findings[0]?.remedy).toContain(ACCEPT_DATA_LOSS);
});

test("passes a renamed construct that keeps its address and its name", () => {
  const kept = new Stack("app", {
    provider: { aws: [{ allowed_account_ids: ["1"] }] },
    resource: {
      aws_s3_bucket: {
        storage_uploads: {
          bucket: "app-uploads",
          "//": { metadata: { path: "app/storage/ingest/Default" } },
        },
      },
    },
  });
  const renamed = [{ from: "storage/uploads", to: "storage/ingest" }];
  expect(compare(manifest, [kept], renamed)).toEqual([]);
  expect(manifestOf([kept], renamed)).toEqual(manifest);
});

test("reports a renamed construct once, whatever it holds", () => {
  const before = stackOf({
    buckets: { "storage/uploads/Default": { bucket: "a" }, "storage/logs/Default": { bucket: "b" } },
  });
  const after = stackOf({
    buckets: { "files/uploads/Default": { bucket: "c" }, "files/logs/Default": { bucket: "d" } },
  });
  const findings = compare(manifestOf([before]), [after]);
  expect(findings).toMatchObject([
    {
      address: "aws_s3_bucket.storage_logs\naws_s3_bucket.storage_uploads",
      path: "app/files/logs/Default\napp/files/uploads/Default",
    },
  ]);
  expect(findings[0]?.remedy.split("\n")).toContain('  { from: "storage", to: "files" },');
});

test("offers an entry for each construct that may be the renamed one", () => {
  const after = stackOf({
    buckets: { "storage/ingest/Default": { bucket: "c" }, "storage/drafts/Default": { bucket: "d" } },
  });
  const [only, ...others] = compare(manifest, [after]);
  expect(others).toEqual([]);
  expect(only?.remedy.split("\n").filter((line) => line.includes("from:"))).toEqual([
    '  { from: "storage/uploads", to: "storage/drafts" },',
    ENTRY,
  ]);
});

test("prefers a construct of the same depth", () => {
  const of = (parent: string) =>
    stackOf({
      buckets: {
        [`${parent}/vault/Default`]: { bucket: `${parent}-vault` },
        [`${parent}/copies/vault/Default`]: { bucket: `${parent}-copies-vault` },
      },
    });
  const findings = compare(manifestOf([of("backups")]), [of("safe")]);
  expect(findings).toHaveLength(1);
  expect(findings[0]?.remedy.split("\n").filter((line) => line.includes("from:"))).toEqual([
    '  { from: "backups", to: "safe" },',
  ]);
});

test("names at least one id of a construct that moves into another", () => {
  const after = stackOf({ buckets: { "media/storage/uploads/Default": { bucket: "c" } } });
  const [only] = compare(manifest, [after]);
  expect(only?.remedy.split("\n")).toContain('  { from: "storage", to: "media/storage" },');
});

test("fails when a construct is gone, and names the stack's file", () => {
  expect(compare(manifest, [stackOf({})])).toMatchObject([
    { address: ADDRESS, files: ["stacks/streamflow-stack.ts"], losesData: true },
  ]);
  const name = "streamflow-foundation-1";
  const recorded = manifestOf([stackOf({ buckets: { "state/Default": { bucket: "s" } } }, name)]);
  expect(compare(recorded, [stackOf({}, name)])).toMatchObject([{ files: ["stacks/foundation-stack.ts"] }]);
});

test("fails in spite of a moved block when the name changes with the construct's id", () => {
  const moved = stackOf({
    buckets: { "storage/ingest/Default": { bucket: "app-ingest" } },
    moved: [MOVED],
  });
  const findings = compare(manifest, [moved]);
  expect(findings).toMatchObject([
    { address: MOVED.to, files: ["stacks/renamed-constructs.ts"], losesData: true },
  ]);
  expect(findings[0]?.finding).toContain('bucket "app-uploads" becomes "app-ingest"');
  expect(findings[0]?.remedy.split("\n")).toContain(ENTRY);
});

test("passes a moved resource that keeps its name, and wants its new address recorded", () => {
  const moved = stackOf({
    buckets: { "storage/ingest/Default": { bucket: "app-uploads" } },
    moved: [
      { from: ADDRESS, to: "aws_s3_bucket.between" },
      { from: "aws_s3_bucket.between", to: MOVED.to },
    ],
  });
  expect(compare(manifest, [moved])).toMatchObject([{ address: MOVED.to, losesData: false }]);
  expect(compare(manifestOf([moved]), [moved])).toEqual([]);
});

test("a reference to a moved resource is the same reference", () => {
  const vaultOf = (key: string, moved: readonly Attributes[]) =>
    stackOf({
      moved,
      other: {
        aws_kms_key: { [key]: {} },
        aws_backup_vault: { v: { name: "v", kms_key_arn: `\${aws_kms_key.${key}.arn}` } },
      },
    });
  const before = manifestOf([vaultOf("key", [])]);
  const moved = vaultOf("copies", [{ from: "aws_kms_key.key", to: "aws_kms_key.copies" }]);
  expect(compare(before, [moved]).filter(({ losesData }) => losesData)).toEqual([]);
  expect(compare(manifestOf([moved]), [moved])).toEqual([]);
  const other = compare(before, [vaultOf("copies", [])]).filter(({ losesData }) => losesData);
  expect(other.map(({ address }) => address)).toContain("aws_backup_vault.v");
});

test.each([
  [
    "becomes another",
    { bucket: "app-files" },
    'bucket "app-uploads" becomes "app-files"',
    'set bucket back to "app-uploads"',
  ],
  [
    "is set",
    { bucket: "app-uploads", object_lock_enabled: true },
    "objectLockEnabled (not set) becomes true",
    "remove objectLockEnabled",
  ],
  ["is removed", {}, 'bucket "app-uploads" becomes (not set)', 'set bucket back to "app-uploads"'],
])("fails when an attribute that replaces the resource %s", (_, attributes, text, remedy) => {
  const changed = stackOf({ buckets: { "storage/uploads/Default": attributes } });
  const findings = compare(manifest, [changed]);
  expect(findings).toMatchObject([
    { address: ADDRESS, files: ["stacks/constructs/data/bucket.ts"], losesData: true },
  ]);
  expect(findings[0]?.finding).toContain(text);
  expect(findings[0]?.remedy.split("\n")[0]).toBe(remedy);
});

test("passes a change of an attribute that replaces nothing", () => {
  const attributes = { bucket: "app-uploads", force_destroy: true };
  expect(compare(manifest, [stackOf({ buckets: { "storage/uploads/Default": attributes } })])).toEqual([]);
});

test("fails when a database is renamed in place, which keeps its data", () => {
  const of = (identifier: string) => stackOf({ other: { aws_db_instance: { d: { identifier } } } });
  expect(compare(manifestOf([of("one")]), [of("two")])).toMatchObject([
    { address: "aws_db_instance.d", losesData: false, remedy: expect.stringContaining(ACCEPT) as string },
  ]);
});

test("fails once for a stack whose new resources are not recorded", () => {
  const more = stackOf({
    buckets: {
      "storage/uploads/Default": { bucket: "app-uploads" },
      "storage/a/Default": { bucket: "a" },
      "storage/b/Default": { bucket: "b" },
    },
  });
  expect(compare(manifest, [more])).toMatchObject([
    {
      address: "aws_s3_bucket.storage_a\naws_s3_bucket.storage_b",
      remedy: `record them: ${ACCEPT}`,
      files: ["docs/stateful-addresses.json"],
      losesData: false,
    },
  ]);
});

test("fails for a stack that is not recorded, or for another account", () => {
  expect(compare({}, [uploads])).toMatchObject([{ stack: "app", losesData: false }]);
  const elsewhere = stackOf({ buckets: { "other/Default": { bucket: "b" } }, account: "2" });
  const findings = compare(manifest, [elsewhere]);
  expect(findings).toMatchObject([{ stack: "app", losesData: false }]);
  expect(findings[0]?.finding).toContain("account 1");
});

test("passes a stack without resources that hold data", () => {
  expect(compare({}, [stackOf({})])).toEqual([]);
});

test("fails for a recorded stack that is no longer synthesized: its data is not destroyed", () => {
  expect(compare(manifest, [])).toMatchObject([
    { stack: "app", files: ["stacks/environments.ts"], losesData: false },
  ]);
});

test.each([
  [true, false, false],
  [false, false, false],
  [true, true, true],
  [false, true, true],
])(
  "with --accept %p and --accept-data-loss %p, lost data is recorded: %p",
  (accept, acceptDataLoss, recorded) => {
    expect(mayRecord(compare(manifest, [stackOf({})]), { accept, acceptDataLoss })).toBe(recorded);
  },
);

test("--accept records what loses no data", () => {
  expect(mayRecord(compare({}, [uploads]), { accept: true, acceptDataLoss: false })).toBe(true);
});

test("a report has the stack, and for each finding what, where and how to change it", () => {
  const renamed = stackOf({ buckets: { "storage/ingest/Default": { bucket: "app-ingest" } } });
  const lines = report(compare(manifest, [renamed]));
  expect(lines[0]).toBe("app");
  expect(lines).toContain(`    address    ${ADDRESS}`);
  expect(lines).toContain("    construct  app/storage/ingest/Default");
  expect(lines).toContain(`               ${ENTRY}`);
  expect(lines).toContain("    in         stacks/renamed-constructs.ts");
});

/** Their content expires anyway. */
const LOGS = ["aws_cloudwatch_log_group"];

/** Types of a stack that hold data according to the plan review, and that are not recorded. */
function unrecorded({ resources }: Stack): string[] {
  return [...new Set(resources.map(({ type }) => type))]
    .filter((type) => type in HELD && !(type in STATEFUL_TYPES) && !LOGS.includes(type))
    .map((type) => `${type} holds data: add it to cli/policies/stateful-types.ts`);
}

test("a new type that holds data is named", () => {
  expectNoFaults(unrecorded(new Stack("prod", synthEnvironment("prod").json)));
  expect(unrecorded(new Stack("app", { resource: { aws_dynamodb_table: { orders: {} } } }))).toEqual([
    "aws_dynamodb_table holds data: add it to cli/policies/stateful-types.ts",
  ]);
});
