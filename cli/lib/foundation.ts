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
import type {
  ApplyHooks,
  Counts,
  Planned,
  Status,
  TerraformStack,
} from "@packages/terraform/terraform-stack";

/** Laid over the synthesized foundation while its state can't be in the bucket that it makes. */
export const STATE_OVERRIDE = "state_override.tf.json";

export interface FoundationOptions {
  readonly stack: TerraformStack;
  /** Of its `cdk.tf.json`. */
  readonly folder: string;
  /** Holds its state until the bucket is there. */
  readonly stateFile: string;
  readonly steps: Steps;
}

/** Where the state is: in the bucket that the foundation makes, as an earlier run left it, or in a file here. */
export interface StateLocation {
  readonly inBucket: boolean;
}

interface FoundationSignals {
  /** Told when the state bucket is there. */
  readonly onBucket?: (() => void) | undefined;
  /** Told when nothing is left to do that a stack needs. */
  readonly onUsable?: (() => void) | undefined;
}

export interface FoundationHooks extends FoundationSignals {
  /** May look at the plan, and throws to end it there. */
  readonly approve?: () => Promise<void>;
}

/** Whether no stack needs what is at the address: a bucket's lifecycle, for which the provider waits a minute. */
export const outlasts = (address: string): boolean =>
  address.startsWith("aws_s3_bucket_lifecycle_configuration.");

/** The account's foundation: makes the state bucket, and then keeps its own state there too. */
export class Foundation {
  constructor(private readonly options: FoundationOptions) {}

  /** Readies Terraform to work with the state where it is. */
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

  /**
   * Applies it, and moves its state into the bucket that it makes, unless it is there. Returns whether there was anything
   * to do, which is then to be proved. A new foundation that nobody approves is applied without a plan of its own.
   */
  async apply({ inBucket, approve, onBucket, onUsable }: StateLocation & FoundationHooks): Promise<boolean> {
    const { stack } = this.options;
    const hooks = hooksOf({ onBucket, onUsable });
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
    // Terraform leaves a copy, which would be taken for the state of another beginning
    rmSync(this.options.stateFile);
    return true;
  }

  /** Plans it again after an apply, with the state in the bucket. Throws when something is left to do. */
  async prove(): Promise<void> {
    await this.options.steps.run(
      "foundation's second plan",
      (status) => this.options.stack.plan(status),
      ({ empty }) => {
        if (!empty) throw new Error("the foundation's second plan is not empty");
        return "empty, its state is in the bucket that it made";
      },
    );
  }

  /** Takes the state out of the bucket, and destroys the bucket with the rest. */
  async destroy(): Promise<void> {
    this.keepStateHere();
    await this.options.stack.moveState();
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

/** Tells of the bucket and of what stacks need as soon as nothing of it is left to do. */
function hooksOf({ onBucket, onUsable }: FoundationSignals): ApplyHooks {
  const left: string[] = [];
  const tell = (): void => {
    if (!left.some((address) => address.startsWith("aws_s3_bucket."))) onBucket?.();
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

/** Where older versions kept a foundation's state: under the names of the account's environments. */
const FORMER_KEY = /^streamflow-foundation-[a-z][a-z0-9-]*\/terraform\.tfstate$/;

interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/**
 * Whether a foundation's state is at its place in S3. One that an older version kept elsewhere in the bucket is copied
 * there first, and told. Throws when whoever asks may not know, and when there are several to copy.
 */
export async function findState(
  config: S3ClientConfig,
  place: ObjectPlace,
  told: (line: string) => void,
): Promise<boolean> {
  const s3 = new S3Client(config);
  try {
    if (await exists(s3, place)) return true;
    const { bucket, key } = place;
    const [former, ...others] = await formerKeys(s3, bucket);
    if (former === undefined) return false;
    if (others.length > 0) {
      throw new Error(
        `the bucket ${bucket} has several states of foundations, ${[former, ...others].join(", ")}: ` +
          `copy the one that is this account's to ${key}`,
      );
    }
    await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: key, CopySource: `${bucket}/${former}` }));
    told(`the foundation's state was copied from ${former} to ${key}`);
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
    throw new Error(`the state ${key} of the bucket ${bucket} can't be looked for: ${name}`);
  }
}

/** Empty where there is no bucket yet. */
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
