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
  /** The kind's own options, by name. */
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  /** When it began: one time for every name that it makes. */
  readonly began: Date;
}

/** An option that only one kind of data has. */
export interface KindOption {
  readonly type: "string" | "boolean";
  /** How `--help` shows it: `--keep N`. */
  readonly shown: string;
  readonly help: string;
}

/** One kind of data that can be backed up and restored. Throws a Refusal for what it will not do. */
export interface Kind {
  readonly backup: {
    readonly options: Readonly<Record<string, KindOption>>;
    /** What it does, in one line for `--help`. */
    readonly help: string;
    run(operation: Operation): Promise<void>;
  };
  readonly restore: {
    readonly options: Readonly<Record<string, KindOption>>;
    readonly help: string;
    /** `to` is undefined when the kind's own options say what is restored. */
    run(operation: Operation & { readonly to: Moment | undefined }): Promise<void>;
  };
}
