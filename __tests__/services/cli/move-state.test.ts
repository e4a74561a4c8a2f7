import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { stateStoreOf } from "../../../cli/backup-restore/state/store";
import { PLACE, prepareSmallStack } from "../../../cli/drill/small-stack";
import type { Prepared } from "../../../cli/lib/prepared-stack";
import { terraformToolchain } from "../../../cli/lib/toolchain";
import { atDestination, copyState, type MoveStateInput } from "../../../cli/move-state/run";
import type { CommandContext } from "../../../packages/cli-kit/command";
import { clientConfig } from "../../../packages/embedded-aws/client";
import { type Emulator, startEmulator } from "../../../packages/embedded-aws/servers/emulator";
import { TerraformCloud } from "../../support/terraform-cloud/server";

const REGION = "us-east-1";
const TO_CLOUD = inputOf({ to: "terraform-cloud", organization: "acme" });
const TO_S3 = inputOf({ to: "s3", bucket: "state-drill", region: REGION });
const CLOUD_STATE = { kind: "terraform-cloud", organization: "acme" } as const;

let folder: string;
let emulator: Emulator;
let server: TerraformCloud;
let s3: S3Client;
let inS3: Prepared;
let inCloud: Prepared;
let printed: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "streamflow-move-state-"));
  emulator = await startEmulator({ accountId: "111111111111", log: join(folder, "emulator.log") });
  server = await TerraformCloud.start({
    folder: join(folder, "terraform-cloud"),
    organization: "acme",
    token: "secret-token",
    toolchain: await terraformToolchain(),
  });
  Object.assign(process.env, server.env);
  s3 = new S3Client({ ...clientConfig(emulator.endpoint, REGION), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: PLACE.bucket }));
  inS3 = await prepareSmallStack({ folder, endpoint: emulator.endpoint });
  await inS3.stack.init();
  await inS3.stack.applyAtOnce(() => undefined, { onPlanned: () => undefined, onDone: () => undefined });
  inCloud = await atDestination(inS3, CLOUD_STATE);
});

afterAll(async () => {
  for (const name of Object.keys(server.env)) Reflect.deleteProperty(process.env, name);
  s3.destroy();
  await server.stop();
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(() => (printed = []));

function inputOf(input: Pick<MoveStateInput, "to"> & Partial<MoveStateInput>): MoveStateInput {
  const none = { organization: undefined, hostname: undefined, bucket: undefined, region: undefined };
  return { target: "dev", dryRun: false, ...none, ...input };
}

const context = (): CommandContext =>
  ({
    steps: { run: (_: string, work: () => Promise<unknown>) => work(), line: () => undefined },
    confirmation: { yes: true, ask: undefined },
    print: (line: string) => printed.push(line),
  }) as unknown as CommandContext;

/** The current state, as it is stored. */
async function stateOf(prepared: Prepared): Promise<unknown> {
  const store = stateStoreOf(prepared);
  try {
    const [current] = await store.versions();
    return current && (await store.read(current)).json;
  } finally {
    await store.close();
  }
}

test("a dry run changes nothing", async () => {
  await copyState(inS3, { ...TO_CLOUD, dryRun: true }, context());
  expect(printed.at(-1)).toBe("dry run: would copy it to app.terraform.io/acme/small, nothing was changed");
});

test("a state moves to Terraform Cloud with its lineage and serial", async () => {
  const before = await stateOf(inS3);
  await copyState(inS3, TO_CLOUD, context());
  expect(await stateOf(inCloud)).toEqual(before);
  expect(printed.join("\n")).toContain('state: { kind: "terraform-cloud", organization: "acme" },');
  await expect(inCloud.stack.addresses()).resolves.toEqual(await inS3.stack.addresses());
});

test("a state moves back with what changed meanwhile", async () => {
  const [address = ""] = await inCloud.stack.addresses();
  await inCloud.stack.forget(address);
  await copyState(inCloud, TO_S3, context());
  expect(await stateOf(inS3)).toEqual(await stateOf(inCloud));
  await expect(inS3.stack.addresses()).resolves.toEqual([]);
});

test("a newer state, and one of another lineage, are not replaced", async () => {
  const store = stateStoreOf(inCloud);
  const state = (await stateOf(inCloud)) as { serial: number; lineage: string };
  await store.store(JSON.stringify({ ...state, serial: state.serial + 1 }));
  await store.close();
  await expect(copyState(inS3, TO_CLOUD, context())).rejects.toThrow(/has the newer serial \d+/);
  const key = { Bucket: PLACE.bucket, Key: PLACE.key };
  await s3.send(new PutObjectCommand({ ...key, Body: JSON.stringify({ ...state, lineage: "another" }) }));
  await expect(copyState(inCloud, TO_S3, context())).rejects.toThrow(
    "has another state, with lineage another",
  );
  await s3.send(new DeleteObjectCommand(key));
});

test("a locked state is not replaced", async () => {
  const lock = { Bucket: PLACE.bucket, Key: `${PLACE.key}.tflock` };
  await s3.send(new PutObjectCommand({ ...lock, Body: JSON.stringify({ ID: "1", Who: "somebody" }) }));
  await expect(copyState(inCloud, TO_S3, context())).rejects.toThrow("is locked; nothing was changed");
  expect(await stateOf(inS3)).toBeUndefined();
  await s3.send(new DeleteObjectCommand(lock));
});

test("a state that is at a place of that kind is refused", async () => {
  await expect(copyState(inCloud, TO_CLOUD, context())).rejects.toThrow(
    'is of the kind "terraform-cloud" already',
  );
});
