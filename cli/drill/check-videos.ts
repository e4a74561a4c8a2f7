import { type Processing, streams } from "../../harness/processing";

/** Faults of videos that should be ready; empty if all are. */
export async function faults(processing: Processing, ids: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const { id, status, playback_path: path, failure_reason: why } of await statuses(processing, ids)) {
    if (status !== "ready" || path === null) found.push(`${id} is ${status}: ${why ?? ""}`);
    else if (!(await plays(processing, path))) found.push(`${id} is ready, but its stream is incomplete`);
  }
  return found;
}

/** Whether the playlists and all files in them exist. */
async function plays({ s3 }: Processing, path: string): Promise<boolean> {
  const { Contents = [] } = await s3.listObjectsV2({ Bucket: streams, Prefix: path });
  const there = new Set(Contents.map(({ Key = "" }) => Key));
  if (!there.has(`${path}master.m3u8`)) return false;
  for (const playlist of [...there].filter((key) => key.endsWith(".m3u8"))) {
    const { Body } = await s3.getObject({ Bucket: streams, Key: playlist });
    const lines = ((await Body?.transformToString()) ?? "").split("\n");
    const named = lines.filter((line) => line !== "" && !line.startsWith("#"));
    const folder = playlist.slice(0, playlist.lastIndexOf("/") + 1);
    if (!named.every((name) => there.has(folder + name))) return false;
  }
  return true;
}

interface Row {
  readonly id: string;
  readonly status: string;
  readonly playback_path: string | null;
  readonly failure_reason: string | null;
}

export async function statuses({ database }: Processing, ids: readonly string[]): Promise<Row[]> {
  const text = "SELECT id, status, playback_path, failure_reason FROM media WHERE id = ANY($1::uuid[])";
  return (await database.admin().query<Row>(text, [ids])).rows;
}
