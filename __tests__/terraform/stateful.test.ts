import { App, type TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { join } from "node:path";
import { compare, type Manifest, manifestOf } from "../../cli/policies/stateful";
import { STATEFUL_TYPES } from "../../cli/policies/stateful-types";
import { Stack } from "../../packages/terraform/synthesized-stack";
import { BaseStack } from "../../stacks/base-stack";
import { Users } from "../../stacks/constructs/api/users";
import { ImageRepository } from "../../stacks/constructs/compute/image-repository";
import { Bucket } from "../../stacks/constructs/data/bucket";
import { Cache } from "../../stacks/constructs/data/cache";
import { Database } from "../../stacks/constructs/data/database";
import { Storage } from "../../stacks/constructs/data/storage";
import { WorkQueue } from "../../stacks/constructs/data/work-queue";
import { PlaybackKeys } from "../../stacks/constructs/edge/playback-keys";
import { Network } from "../../stacks/constructs/network/network";
import { Backups } from "../../stacks/constructs/recovery/backups";
import type { RenamedConstruct } from "../../stacks/lib/deployed-path";
import { editJson, StackPlans } from "../support/stack-plans";
import { type Attributes, baseProps, settingsOf } from "../support/synth";

const STACK = "streamflow-test";
const settings = settingsOf("prod");
if ("off" in settings.backup)
  throw new Error("prod has no backups: aws_backup_vault and aws_kms_key are missing");
const backup = settings.backup;

interface Change {
  /** Ids of the constructs in the stack. */
  readonly id?: (id: string) => string;
  readonly renamed?: readonly RenamedConstruct[];
  readonly edit?: (json: Attributes) => void;
}

/** A stack with every type that holds data. */
class StatefulStack extends BaseStack {
  constructor(scope: Construct, { id = (same) => same, renamed = [] }: Change) {
    super(scope, STACK, { ...baseProps, renamed });
    const { account, region } = baseProps;
    const { logs } = settings;
    const network = new Network(this, "network", { ...settings.network, region, logs });
    const place = { account, region, network, logs, protect: false };
    const database = new Database(this, id("database"), { ...settings.database, ...place });
    new Cache(this, id("cache"), { ...settings.cache, network, protect: false });
    const queue = new WorkQueue(this, id("media-queue"), { ...settings.queue, account, region });
    const storage = new Storage(this, id("storage"), {
      ...settings.storage,
      account,
      protect: false,
      address: { url: "https://example.com" },
      queue,
    });
    // Storage's buckets are named after their own ids, which stay.
    new Bucket(this, id("archive"), { account, protect: false, lifecycle: { noncurrentDays: 1 } });
    new Users(this, id("users"), { protect: false });
    new ImageRepository(this, id("images"), { environment: "test", protect: false, kmsKey: undefined });
    new PlaybackKeys(this, id("playback-keys"), { ...settings.edge, protect: false });
    new Backups(this, id("backups"), {
      ...backup,
      providerOf: (other): TerraformProvider => this.provider("copies", { region: other, alias: "copies" }),
      protect: false,
      topicArn: undefined,
      resources: [database.arn, storage.uploads.arn],
    });
  }
}

const plans = new StackPlans<Change>((outdir, change = {}) => {
  const app = new App({ outdir });
  new StatefulStack(app, change);
  app.synth();
  const folder = join(outdir, "stacks", STACK);
  if (change.edit) editJson(folder, change.edit);
  return folder;
});

afterAll(() => plans.remove());

const rename = (id: string): string => `${id}-2`;

interface Outcome {
  readonly stack: Stack;
  /** Address and actions of planned changes. */
  readonly changes: readonly {
    readonly address: string;
    readonly type: string;
    readonly actions: string;
    readonly replacedFor: readonly string[];
  }[];
}

async function outcomeOf(change: Change): Promise<Outcome> {
  const { json, synthesized } = await plans.planOf(change);
  const { resource_changes: all } = JSON.parse(json) as Attributes;
  const changes = (all as Attributes[]).map(
    ({ address, type, change: { actions, replace_paths: paths = [] } }) => ({
      address: address as string,
      type: type as string,
      actions: (actions as string[]).join("/"),
      replacedFor: (paths as unknown[][]).map(([attribute]) => String(attribute)),
    }),
  );
  return {
    stack: new Stack(STACK, JSON.parse(synthesized)),
    changes: changes.filter(({ actions }) => actions !== "no-op"),
  };
}

let before: Outcome;
let recorded: Manifest;

beforeAll(async () => {
  before = await outcomeOf({});
  recorded = manifestOf([before.stack], []);
});

test("the stack has every type that holds data, and its plan is empty", () => {
  const types = new Set(before.stack.of(...Object.keys(STATEFUL_TYPES)).map(({ type }) => type));
  expect([...types].toSorted()).toEqual(Object.keys(STATEFUL_TYPES).toSorted());
  expect(before.changes).toEqual([]);
});

test("renamed constructs lose their data; the entries that the guard prints leave the plan empty", async () => {
  const after = await outcomeOf({ id: rename });
  const deleted = after.changes.filter(({ actions }) => actions === "delete").map(({ address }) => address);
  expect(deleted).toEqual(expect.arrayContaining(Object.keys(recorded[STACK]?.resources ?? {})));

  const findings = compare(recorded, [after.stack], []);
  expect(findings.flatMap(({ address }) => address.split("\n"))).toEqual(
    expect.arrayContaining(Object.keys(recorded[STACK]?.resources ?? {})),
  );
  const renamed = printedEntries(findings);
  expect(renamed).toHaveLength(9);

  const kept = await outcomeOf({ id: rename, renamed });
  expect(kept.changes).toEqual([]);
  expect(compare(recorded, [kept.stack], renamed)).toEqual([]);
});

/** The entries for `stacks/renamed-constructs.ts` that the remedies of findings print. */
function printedEntries(findings: ReturnType<typeof compare>): RenamedConstruct[] {
  const printed = findings.map(({ remedy }) => remedy).join("\n");
  const entries = [...printed.matchAll(/\{ from: "([^"]+)", to: "([^"]+)" \}/g)];
  return entries.map(([, from = "", to = ""]) => ({ from, to }));
}

test("moved blocks alone replace what is named after its construct, and the guard refuses them", async () => {
  const moved = await outcomeOf({ id: rename, edit: (json) => (json.moved = movesOf(json)) });
  const replaced = moved.changes
    .filter(({ actions }) => /delete/.test(actions))
    .map(({ address }) => address);
  const stateful = moved.stack.of(...Object.keys(STATEFUL_TYPES)).map(({ address }) => address);
  const lost = stateful.filter((address) => replaced.includes(address));
  // A key has no name, a repository has that of its environment, and RDS renames instances in place.
  const kept = ["aws_db_instance", "aws_ecr_repository", "aws_kms_key"];
  expect(new Set(lost.map((address) => address.split(".")[0]))).toEqual(
    new Set(Object.keys(STATEFUL_TYPES).filter((type) => !kept.includes(type))),
  );

  const findings = compare(recorded, [moved.stack], []).filter(({ losesData }) => losesData);
  const refused = findings.flatMap(({ address }) => address.split("\n"));
  expect(refused).toEqual(expect.arrayContaining(lost));
  expect(moved.changes.filter(({ type }) => type === "aws_db_instance")).toMatchObject([
    { address: "aws_db_instance.database_2", actions: "update" },
  ]);
  expect(refused).toContain("aws_db_instance.database_2");

  // The advice: remove the moved blocks of these constructs, and add the printed entries.
  const renamed = printedEntries(findings);
  const followed = await outcomeOf({ id: rename, renamed, edit: (json) => (json.moved = movesOf(json)) });
  // Moved blocks that remain, of constructs without data in their names, replace their roles.
  expect(followed.changes.filter(({ type }) => type in STATEFUL_TYPES)).toEqual([]);
  expect(compare(recorded, [followed.stack], renamed).filter(({ losesData }) => losesData)).toEqual([]);
});

test("an accepted loss is recorded, and no longer reported", async () => {
  const after = await outcomeOf({ id: rename });
  expect(compare(recorded, [after.stack], []).some(({ losesData }) => losesData)).toBe(true);
  const accepted = manifestOf([after.stack], []);
  expect(compare(accepted, [after.stack], [])).toEqual([]);
  // What was accepted is what Terraform would do.
  const deleted = after.changes.filter(({ actions }) => actions === "delete").map(({ address }) => address);
  expect(
    Object.keys(recorded[STACK]?.resources ?? {}).filter((address) => !deleted.includes(address)),
  ).toEqual([]);
});

/** A `moved` block for each resource of a renamed construct. */
function movesOf(json: Attributes): Attributes[] {
  const names = before.stack.resources.map(({ address }) => address);
  return Object.entries(json.resource as Attributes).flatMap(([type, resources]) =>
    Object.keys(resources as Attributes).flatMap((name) => {
      const from = names.find((address) => address === `${type}.${name.replace(/_2(?=_|$)/, "")}`);
      return from === undefined || from === `${type}.${name}` ? [] : [{ from, to: `${type}.${name}` }];
    }),
  );
}

/** Another value for each identifying attribute. */
const OTHER_VALUES: Readonly<Record<string, unknown>> = {
  at_rest_encryption_enabled: "false",
  availability_zone: "us-east-1f",
  bucket: "another-bucket",
  customer_master_key_spec: "RSA_2048",
  data_tiering_enabled: true,
  db_name: "another",
  encryption_configuration: [{ encryption_type: "KMS" }],
  engine: "mysql",
  fifo_queue: true,
  key_usage: "SIGN_VERIFY",
  kms_key_arn: "arn:aws:kms:us-east-1:123456789012:key/another",
  kms_key_id: "arn:aws:kms:us-east-1:123456789012:key/another",
  multi_region: true,
  name: "another",
  object_lock_enabled: true,
  port: 6380,
  replication_group_id: "another",
  snapshot_identifier: "another",
  snapshot_name: "another",
  storage_encrypted: false,
  subnet_group_name: "another",
  username: "another",
  username_attributes: ["phone_number"],
  username_configuration: { case_sensitive: true },
  "aws_sqs_queue.name": "another.fifo",
};

const replacing = Object.entries(STATEFUL_TYPES).flatMap(([type, { replacedBy }]) =>
  replacedBy.map((attribute) => [type, attribute] as const),
);
/** Changes attributes of all resources of these types. */
function changeAll(
  attributes: readonly (readonly [type: string, attribute: string])[],
): (json: Attributes) => void {
  return ({ resource }) => {
    for (const [type, attribute] of attributes) {
      for (const one of Object.values(resource[type] as Attributes)) {
        (one as Attributes)[attribute] = OTHER_VALUES[`${type}.${attribute}`] ?? OTHER_VALUES[attribute];
      }
    }
  };
}

test("Terraform replaces a resource for each attribute that is said to replace it", async () => {
  const { changes } = await outcomeOf({ edit: changeAll(replacing) });
  const reasons = changes
    .filter(({ type }) => type in STATEFUL_TYPES)
    .flatMap(({ type, replacedFor }) => replacedFor.map((attribute) => `${type} ${attribute}`));
  const expected = replacing.map((pair) => pair.join(" "));
  expect([...new Set(reasons)].toSorted()).toEqual(expected.toSorted());
});
