import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Refusal } from "@packages/cli-kit/refusal";
import { iso, type Moment } from "@packages/cli-kit/timestamp";
import { parseState, type State, type StateFacts } from "@packages/terraform/state";

/** Location of a state. */
export interface StatePlace {
  readonly bucket: string;
  readonly key: string;
}

/** A version of a state object. */
export interface StateVersion {
  readonly id: string;
  readonly time: Date;
  /** It is the current version. */
  readonly current: boolean;
}

/** All versions, newest first, without delete markers. */
export async function versionsOf(s3: S3Client, { bucket, key }: StatePlace): Promise<StateVersion[]> {
  const found: StateVersion[] = [];
  let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (markers !== undefined) {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, ...markers }),
    );
    for (const { Key, VersionId: id, LastModified: time, IsLatest } of page.Versions ?? []) {
      // the lock file has the same prefix
      if (Key === key && id !== undefined && time !== undefined)
        found.push({ id, time, current: IsLatest === true });
    }
    markers = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : undefined;
  }
  return found.sort((one, other) => Number(other.current) - Number(one.current) || +other.time - +one.time);
}

export async function readVersion(s3: S3Client, place: StatePlace, version: StateVersion): Promise<State> {
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: place.bucket, Key: place.key, VersionId: version.id }),
  );
  return parseState((await Body?.transformToString()) ?? "", version.id);
}

/**
 * Stores a state as it is, while it holds Terraform's lock. Throws a Refusal if another process has the lock.
 * https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
 */
export async function storeInS3(s3: S3Client, place: StatePlace, content: string): Promise<void> {
  const object = {
    Bucket: place.bucket,
    ContentType: "application/json",
    ServerSideEncryption: "AES256",
  } as const;
  const lock = { Bucket: place.bucket, Key: `${place.key}.tflock` };
  const info = {
    ID: randomUUID(),
    Operation: "move-state",
    Info: "",
    Who: userInfo().username,
    Version: "",
    Created: new Date().toISOString(),
    Path: `${place.bucket}/${place.key}`,
  };
  try {
    await s3.send(new PutObjectCommand({ ...object, ...lock, Body: JSON.stringify(info), IfNoneMatch: "*" }));
  } catch (error) {
    if ((error as Error).name !== "PreconditionFailed") throw error;
    throw new Refusal(`the state ${place.key} in ${place.bucket} is locked; nothing was changed`);
  }
  try {
    await s3.send(new PutObjectCommand({ ...object, Key: place.key, Body: content }));
  } finally {
    await s3.send(new DeleteObjectCommand(lock));
  }
}

/** Selects a version by id, or the newest at a time. Throws a Refusal with the available versions. */
export function choose(
  versions: readonly StateVersion[],
  asked: { readonly to: Moment } | { readonly version: string },
): StateVersion {
  if (versions.length === 0) throw new Refusal("the state has no versions: nothing was deployed yet");
  if ("version" in asked) {
    const found = versions.find(({ id }) => id === asked.version);
    if (found !== undefined) return found;
    const known = versions.slice(0, 5).map(({ id }) => id);
    throw new Refusal(
      `--version must be a version of the state such as ${known.join(", ")}, got "${asked.version}"`,
    );
  }
  const { to } = asked;
  const found = to === "latest" ? versions[0] : versions.find(({ time }) => time <= to);
  if (found !== undefined) return found;
  const oldest = versions.reduce((one, other) => (other.time < one.time ? other : one));
  throw new Refusal(
    `--to must not be before the oldest version, ${iso(oldest.time)}, got ${String(to === "latest" ? to : iso(to))}`,
  );
}

export function describeVersion({ id, time, current }: StateVersion, facts: StateFacts): string {
  const { serial, lineage, terraform, resources } = facts;
  return `${iso(time)}  serial ${serial}, ${resources} resources, Terraform ${terraform}, lineage ${lineage}, ${id}${current ? " (current)" : ""}`;
}
