import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CopyObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import type { Steps } from "@packages/cli-kit/progress";
import type { Plan } from "@packages/terraform/plan";
import type {
  ApplyHooks,
  Counts,
  Planned,
  Status,
  TerraformStack,
} from "@packages/terraform/terraform-stack";

/** Terraform override file that keeps the foundation's state local until its bucket exists. */
export const STATE_OVERRIDE = "state_override.tf.json";

export interface FoundationOptions {
  readonly stack: TerraformStack;
  /** Folder of its `cdk.tf.json`. */
  readonly folder: string;
  /** Local state file, used until the bucket exists. */
  readonly stateFile: string;
  readonly steps: Steps;
}

/** Location of the state: the foundation's own bucket, or a local file. */
export interface StateLocation {
  readonly inBucket: boolean;
}

interface FoundationSignals {
  /** Called when the state bucket and the keys exist, which plans of stacks read. */
  readonly onPlannable?: (() => void) | undefined;
  /** Called when everything that a stack needs exists. */
  readonly onUsable?: (() => void) | undefined;
}

export interface FoundationHooks extends FoundationSignals {
  /** Called before the apply; throws to cancel it. */
  readonly approve?: () => Promise<void>;
}

/** Whether no stack depends on an address: a bucket's lifecycle, for which the provider waits one minute. */
export const outlasts = (address: string): boolean =>
  address.startsWith("aws_s3_bucket_lifecycle_configuration.");

/** Whether the plan of a stack reads what is at an address: its state, and the keys by their aliases. */
const isReadByPlans = (address: string): boolean => /^aws_(s3_bucket|kms_key|kms_alias)\./.test(address);

/** An account's foundation. It creates the state bucket and then stores its own state there. */
export class Foundation {
  constructor(private readonly options: FoundationOptions) {}

  /** Runs terraform init for the state's location. */
  async init({ inBucket }: StateLocation): Promise<void> {
    if (inBucket) this.keepStateInBucket();
    else this.keepStateHere();
    await this.options.stack.init();
  }

  async plan(location: StateLocation): Promise<Planned> {
    await this.init(location);
    return this.options.steps.run(
      "foundation plan",
      (status) => this.options.stack.plan(status),
      ({ add, change, remove }) => `${add} to add, ${change} to change, ${remove} to destroy`,
    );
  }

  /** The last plan. */
  async readPlan(): Promise<Plan> {
    return this.options.stack.readPlan();
  }

  /**
   * Applies the foundation, and moves its state into its bucket unless it is there. Returns true if anything changed,
   * so that `verify` must follow. A new foundation without `approve` is applied without a saved plan.
   */
  async apply({
    inBucket,
    approve,
    onPlannable,
    onUsable,
  }: StateLocation & FoundationHooks): Promise<boolean> {
    const { stack } = this.options;
    const hooks = hooksOf({ onPlannable, onUsable });
    if (!inBucket && approve === undefined) {
      await this.init({ inBucket });
      await this.run((status) => stack.applyAtOnce(status, hooks));
    } else {
      const planned = await this.plan({ inBucket });
      await approve?.();
      if (!planned.empty) {
        hooks.onPlanned(planned.touched);
        await this.run((status) => stack.apply(planned, status, hooks.onDone));
      }
      if (inBucket) return !planned.empty;
    }
    this.keepStateInBucket();
    await this.options.stack.moveState();
    // Terraform leaves a copy, which a later first deployment would use
    rmSync(this.options.stateFile);
    return true;
  }

  /** Records what AWS answers after an apply, and plans again. Throws if the plan is not empty. */
  async verify(): Promise<void> {
    await this.options.steps.run(
      "foundation's second plan",
      async (status) => {
        await this.options.stack.record(status);
        return this.options.stack.plan(status, "-refresh=false");
      },
      ({ empty }) => {
        if (!empty) throw new Error("the foundation's second plan is not empty");
        return "empty, state is in its own bucket";
      },
    );
  }

  /** Moves the state out of the bucket if it is there, and destroys everything. */
  async destroy({ inBucket }: StateLocation): Promise<void> {
    this.keepStateHere();
    if (inBucket) await this.options.stack.moveState();
    const total = (await this.options.stack.addresses()).length;
    await this.options.steps.run(
      "foundation destroy",
      (status) => this.options.stack.destroy(total, status),
      ({ remove }) => `${remove} of ${total} destroyed`,
    );
  }

  async addresses(): Promise<string[]> {
    return this.options.stack.addresses();
  }

  private async run(apply: (status: Status) => Promise<Counts>): Promise<void> {
    await this.options.steps.run(
      "foundation",
      apply,
      ({ add, change, remove }) => `${add} added, ${change} changed, ${remove} destroyed`,
    );
  }

  private keepStateHere(): void {
    const backend = { terraform: { backend: { local: { path: this.options.stateFile } } } };
    writeFileSync(join(this.options.folder, STATE_OVERRIDE), JSON.stringify(backend));
  }

  private keepStateInBucket(): void {
    rmSync(join(this.options.folder, STATE_OVERRIDE), { force: true });
  }
}

/** Apply hooks that report the completion of what plans of stacks read, and of everything that stacks need. */
function hooksOf({ onPlannable, onUsable }: FoundationSignals): ApplyHooks {
  const left: string[] = [];
  const tell = (): void => {
    if (!left.some(isReadByPlans)) onPlannable?.();
    if (left.every(outlasts)) onUsable?.();
  };
  return {
    onPlanned(touched) {
      left.push(...touched);
      tell();
    },
    onDone(address) {
      const at = left.indexOf(address);
      if (at >= 0) left.splice(at, 1);
      tell();
    },
  };
}

/** Keys of a foundation's state in older versions: under the names of the account's environments. */
const FORMER_KEY = /^streamflow-foundation-[a-z][a-z0-9-]*\/terraform\.tfstate$/;

interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/**
 * Whether a foundation's state is at its key in S3. A state at an older key is copied first, which is reported. Throws
 * if access is denied or several old states exist.
 */
export async function findState(
  config: S3ClientConfig,
  place: ObjectPlace,
  report: (line: string) => void,
): Promise<boolean> {
  const s3 = new S3Client(config);
  try {
    if (await exists(s3, place)) return true;
    const { bucket, key } = place;
    const [former, ...others] = await formerKeys(s3, bucket);
    if (former === undefined) return false;
    if (others.length > 0) {
      throw new Error(
        `the bucket ${bucket} has several foundation states, ${[former, ...others].join(", ")}: ` +
          `copy the one of this account to ${key}`,
      );
    }
    await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: key, CopySource: `${bucket}/${former}` }));
    report(`the foundation's state was copied from ${former} to ${key}`);
    return true;
  } finally {
    s3.destroy();
  }
}

async function exists(s3: S3Client, { bucket, key }: ObjectPlace): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return true;
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 404) return false;
    throw new Error(`can't check whether the state ${key} exists in the bucket ${bucket}: ${name}`);
  }
}

/** State keys of older versions; empty if the bucket does not exist. */
async function formerKeys(s3: S3Client, bucket: string): Promise<string[]> {
  try {
    const { Contents = [] } = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: "streamflow-foundation-" }),
    );
    return Contents.flatMap(({ Key = "" }) => (FORMER_KEY.test(Key) ? [Key] : []));
  } catch (error) {
    if ((error as Error).name === "NoSuchBucket") return [];
    throw error;
  }
}
