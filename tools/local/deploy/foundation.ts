import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { clientConfig, emulatorEnvironment } from "../aws";
import type { Steps } from "../terminal/steps";
import type { DeployOptions } from "./deploy";
import { DeployedStack } from "./stack";
import type { Configuration, SynthesizedStack } from "./synth";

/** Laid over the synthesized foundation while its state can't be in the bucket that it makes. */
const OVERRIDE = "state_override.tf.json";

/** The account's foundation: makes the state bucket, and then keeps its own state there too. */
export class Foundation {
  constructor(
    private readonly stack: DeployedStack,
    private readonly folder: string,
    private readonly stateFile: string,
    private readonly steps: Steps,
  ) {}

  /** Applies it; `hasBucket` says whether an earlier run has moved the state into the bucket already. */
  async apply(hasBucket: boolean): Promise<void> {
    if (hasBucket) this.keepStateInBucket();
    else this.keepStateHere();
    await this.stack.init();
    const applied = await this.steps.run(
      "foundation",
      async (status) => this.stack.apply(await this.stack.plan(status), status),
      ({ add, change, remove }) => `${add} added, ${change} changed, ${remove} destroyed`,
    );
    if (hasBucket) return;
    this.keepStateInBucket();
    await this.stack.moveState();
    await this.steps.run(
      "foundation's second plan",
      (status) => this.stack.plan(status),
      ({ add, change, remove }) => {
        if (add + change + remove > 0) throw new Error("the foundation's second plan is not empty");
        return `empty, its state moved into the bucket that it made (${applied.add} resources)`;
      },
    );
  }

  /** Takes the state out of the bucket, and destroys the bucket with the rest. */
  async destroy(): Promise<void> {
    this.keepStateHere();
    await this.stack.moveState();
    const total = (await this.stack.addresses()).length;
    await this.steps.run(
      "foundation destroy",
      (status) => this.stack.destroy(total, status),
      ({ remove }) => `${remove} of ${total} destroyed`,
    );
  }

  async addresses(): Promise<string[]> {
    return this.stack.addresses();
  }

  private keepStateHere(): void {
    const backend = { terraform: { backend: { local: { path: this.stateFile } } } };
    writeFileSync(join(this.folder, OVERRIDE), JSON.stringify(backend));
  }

  private keepStateInBucket(): void {
    rmSync(join(this.folder, OVERRIDE), { force: true });
  }
}

/** Deploys the foundation that makes the stack's state bucket; undefined when its state is not in S3. */
export async function deployFoundation(options: DeployOptions): Promise<Foundation | undefined> {
  const { synthesized, emulator, toolchain, run, steps } = options;
  const backend = synthesized.configuration.terraform.backend?.s3;
  if (!backend) return undefined;
  const folder = folderOfFoundation(synthesized, backend.bucket);
  const stack = new DeployedStack(
    {
      toolchain,
      folder,
      env: {
        ...emulatorEnvironment(emulator.endpoint, backend.region),
        TF_DATA_DIR: run.path("terraform-foundation"),
      },
      log: run.log("foundation"),
    },
    run.path("foundation.tfplan"),
  );
  const foundation = new Foundation(stack, folder, run.path("foundation.tfstate"), steps);
  await foundation.apply(await bucketExists(emulator.endpoint, backend.region, backend.bucket));
  return foundation;
}

/** The synthesized stack beside this one that makes its state bucket. */
function folderOfFoundation({ folder, name }: SynthesizedStack, bucket: string): string {
  const stacks = dirname(folder);
  const found = readdirSync(stacks)
    .map((other) => join(stacks, other))
    .filter((other) => basename(other) !== name && existsSync(join(other, "cdk.tf.json")))
    .find((other) => makes(join(other, "cdk.tf.json"), bucket));
  if (found === undefined) throw new Error(`no stack beside ${name} makes its state bucket ${bucket}`);
  return found;
}

function makes(file: string, bucket: string): boolean {
  const { resource } = JSON.parse(readFileSync(file, "utf8")) as Configuration;
  return Object.values(resource?.aws_s3_bucket ?? {}).some((made) => made.bucket === bucket);
}

async function bucketExists(endpoint: string, region: string, Bucket: string): Promise<boolean> {
  const s3 = new S3Client({ ...clientConfig(endpoint, region), forcePathStyle: true });
  try {
    return await s3.send(new HeadBucketCommand({ Bucket })).then(
      () => true,
      () => false,
    );
  } finally {
    s3.destroy();
  }
}
