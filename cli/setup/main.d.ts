import type { StatsFs } from "node:fs";

/** Why a project's packages must be installed; undefined when they are those of its package-lock.json. */
export function staleReason(project: string): string | undefined;

/** Why Python can't run the embedded AWS, in one line; undefined if it can. */
export function pythonFault(project: string): string | undefined;

export interface DiskOptions {
  /** npm packages will be installed. */
  readonly installs: boolean;
  /** Reads a file system; the default is Node's. */
  readonly statfs?: (path: string) => Pick<StatsFs, "bavail" | "bsize">;
}

/** Why the disk is too full, in one line; undefined if it is not. */
export function diskFault(project: string, options: DiskOptions): string | undefined;

/** Installs the packages if they must be. Throws in one line what the machine lacks, or what npm says when it fails. */
export function setUp(project: string): Promise<void>;
