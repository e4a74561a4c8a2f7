import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stamp } from "@packages/cli-kit/timestamp";
import type { State } from "@packages/terraform/state";

export interface StateCopy {
  readonly folder: string;
  /** Kind of the copy, part of its file name. */
  readonly what: "backup" | "before" | "restored";
  readonly began: Date;
}

/** Saves a copy that only its owner can read; returns the path. */
export function keepCopy({ serial, json }: State, { folder, what, began }: StateCopy): string {
  const file = join(folder, `state-${what}-${stamp(began)}-serial-${serial}.tfstate`);
  writeFileSync(file, JSON.stringify(json, null, 2), { mode: 0o600 });
  return file;
}
