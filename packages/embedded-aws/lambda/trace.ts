import { randomBytes } from "node:crypto";

const id = (bytes: number) => randomBytes(bytes).toString("hex");

/** X-Ray's trace header: `Root=1-…;Parent=…;Sampled=1`. */
export interface TraceHeader {
  readonly root: string;
  readonly parent: string | undefined;
  readonly sampled: boolean;
}

export function newSegmentId(): string {
  return id(8);
}

export function newRoot(): string {
  return `1-${Math.floor(Date.now() / 1000).toString(16)}-${id(12)}`;
}

/** Parses the caller's header, or starts a new trace; every request is sampled here. */
export function readTraceHeader(header: string | undefined): TraceHeader {
  const fields = new Map((header ?? "").split(";").map((part) => part.trim().split("=") as [string, string]));
  const root = fields.get("Root");
  const valid = root !== undefined && /^1-[0-9a-f]{8}-[0-9a-f]{24}$/.test(root);
  return {
    root: valid ? root : newRoot(),
    parent: fields.get("Parent"),
    sampled: fields.get("Sampled") !== "0",
  };
}

export function writeTraceHeader({ root, parent, sampled }: TraceHeader): string {
  return [`Root=${root}`, ...(parent ? [`Parent=${parent}`] : []), `Sampled=${sampled ? 1 : 0}`].join(";");
}

/** A segment that an AWS service adds to a trace. */
export interface Segment {
  readonly id: string;
  readonly name: string;
  readonly origin: string;
  readonly trace_id: string;
  readonly parent_id?: string | undefined;
  /** Seconds since 1970. */
  readonly start_time: number;
  readonly end_time: number;
  readonly fault?: boolean | undefined;
  readonly error?: boolean | undefined;
  readonly throttle?: boolean | undefined;
  readonly aws?: Readonly<Record<string, unknown>>;
  readonly http?: Readonly<Record<string, unknown>>;
}
