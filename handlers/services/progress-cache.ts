import type { Cache } from "../media/cached";
import { STATUSES } from "../media/media";
import type { Progress, ProgressBoard } from "../processor/ports";

/** Lifetime of progress entries in milliseconds. */
const PROGRESS_TTL_MS = 3_600_000;

/** Progress in the cache: `streamflow:v1:progress:<id>`, JSON, for one hour. */
export class ProgressCache implements ProgressBoard {
  constructor(private readonly cache: Pick<Cache, "get" | "set">) {}

  async write(id: string, progress: Progress): Promise<void> {
    await this.cache.set(keyOf(id), JSON.stringify(progress), Date.now() + PROGRESS_TTL_MS);
  }

  async read(id: string): Promise<Progress | undefined> {
    const [text] = (await this.cache.get([keyOf(id)])) ?? [];
    return text === undefined ? undefined : parse(text);
  }
}

function keyOf(id: string): string {
  return `streamflow:v1:progress:${id}`;
}

function parse(text: string): Progress | undefined {
  try {
    const value = JSON.parse(text) as Partial<Progress> | null;
    const { status, percent, reason, at } = value ?? {};
    if (status === undefined || !STATUSES.includes(status)) return undefined;
    if (typeof percent !== "number" || typeof at !== "string") return undefined;
    return { status, percent, at, reason: typeof reason === "string" ? reason : undefined };
  } catch {
    return undefined;
  }
}
