import type { BucketName } from "./names";
import type { Approval } from "../lib/approval";
import type { Prepared } from "../lib/prepared-stack";
import type { Steps } from "@packages/cli-kit/progress";
import type { Moment } from "@packages/cli-kit/timestamp";

/** Context of an operation: the stack is synthesized, the account is checked, Terraform is initialized. */
export interface Operation extends Approval {
  readonly prepared: Prepared;
  readonly steps: Steps;
  /** Print every change and make none. */
  readonly dryRun: boolean;
  readonly values: KindValues;
  /** Start time, used in all names. */
  readonly began: Date;
}

/** Options of a single kind of data. */
export interface KindValues {
  /** Database backup: number of snapshots to keep. */
  readonly keep?: number | undefined;
  readonly snapshot?: string | undefined;
  readonly withPendingChanges?: boolean;
  /** Reason for skipping verification; undefined to verify. */
  readonly unverified?: string | undefined;
  readonly bucket?: BucketName | undefined;
  readonly prefix?: string | undefined;
  readonly read?: boolean;
  readonly exact?: boolean;
  /** Version id of the state's object in S3. */
  readonly version?: string | undefined;
}

/** A kind of data that can be backed up and restored. Throws a Refusal if it declines to act. */
export interface Kind {
  backup(this: void, operation: Operation): Promise<void>;
  /** `to` is undefined if the kind's own options select what to restore. */
  restore(this: void, operation: Operation & { readonly to: Moment | undefined }): Promise<void>;
}
