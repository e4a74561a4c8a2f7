import type { BucketName } from "./names";
import type { Approval } from "../lib/approval";
import type { Prepared } from "../lib/prepared-stack";
import type { Steps } from "@packages/cli-kit/progress";
import type { Moment } from "@packages/cli-kit/timestamp";

/** What an operation works with: the stack is synthesized, the account is the right one, Terraform is ready. */
export interface Operation extends Approval {
  readonly prepared: Prepared;
  readonly steps: Steps;
  /** Says every change that it would make, and makes none. */
  readonly dryRun: boolean;
  readonly values: KindValues;
  /** When it began: one time for every name that it makes. */
  readonly began: Date;
}

/** What only one kind of data is told. */
export interface KindValues {
  /** Of a database's backup: how many snapshots are left. */
  readonly keep?: number | undefined;
  readonly snapshot?: string | undefined;
  readonly withPendingChanges?: boolean;
  /** Why nothing is verified; undefined when it is. */
  readonly unverified?: string | undefined;
  readonly bucket?: BucketName | undefined;
  readonly prefix?: string | undefined;
  readonly read?: boolean;
  readonly exact?: boolean;
  /** Of the state's object in S3. */
  readonly version?: string | undefined;
}

/** One kind of data that can be backed up and restored. Throws a Refusal for what it will not do. */
export interface Kind {
  backup(this: void, operation: Operation): Promise<void>;
  /** `to` is undefined when the kind's own options say what is restored. */
  restore(this: void, operation: Operation & { readonly to: Moment | undefined }): Promise<void>;
}
