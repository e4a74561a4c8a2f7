import type { Value } from "@packages/terraform/value";
import type { Change } from "../changes";
import type { Severity } from "../finding";

/** A way in which the internet can reach a resource (`opening`), or a protection against it (`guard`). */
export interface Exposure {
  readonly kind: "opening" | "guard";
  readonly text: string;
  readonly severity: Severity;
  readonly address: string;
  /** Reported only for resources that exist: their creation is meant to have it. */
  readonly onUpdateOnly?: boolean;
}

export type Found = Omit<Exposure, "address">;

/** What a reader knows beyond the resource. */
export interface ReaderContext {
  readonly change: Change;
  /** Name of the resource for a sentence. */
  readonly name: string;
  /** Address of the security group with an id. */
  readonly groupOf: (id: string) => string | undefined;
}

/** Reads the openings and guards of one side of a change. */
export interface ExposureReader {
  readonly types: readonly string[];
  /** Attributes that it covers; `*` for all. */
  readonly covers: readonly string[];
  /** What it reports, for the table of what is covered. */
  readonly reports: string;
  readonly read: (values: Value, context: ReaderContext) => readonly Found[];
}

export const opening = (severity: Severity, text: string): Found => ({ kind: "opening", severity, text });
export const guard = (severity: Severity, text: string): Found => ({ kind: "guard", severity, text });
/** An opening that is ordinary for a new resource. */
export const change = (severity: Severity, text: string): Found => ({
  kind: "opening",
  severity,
  text,
  onUpdateOnly: true,
});
