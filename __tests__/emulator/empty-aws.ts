import { PassThrough } from "node:stream";
import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { RunFolder } from "../../cli/start/run-folder";
import { serve, type Served } from "../../cli/start/serve";
import { type Stop, stopAll } from "../../cli/start/stops";
import type { AwsClientConfig } from "../../packages/embedded-aws/client";
import { startRegistry } from "../../packages/embedded-aws/registry/server";
import { parseState, textOutputs } from "../../packages/terraform/state";
import { type RunningAws, startAws } from "./running-aws";

export interface Place {
  readonly accountId: string;
  readonly region: string;
  /** Where the environment's state will be. */
  readonly state: { readonly bucket: string; readonly key: string };
}

/** Milliseconds between two looks for an applied environment. */
const LOOK_INTERVAL_MS = 500;

/** An AWS account without resources. An environment that is deployed in it is served once its apply has ended. */
export class EmptyAws {
  /** Resolves once the deployed environment is served. */
  private served: Promise<Served> | undefined;
  /** Whether looks must not serve any more, also those that wait for an answer. */
  private stopped = false;
  private readonly stops: Stop[] = [];
  private readonly output = new PassThrough();
  private readonly s3: S3Client;
  private readonly looks: NodeJS.Timeout;

  private constructor(
    private readonly place: Place,
    private readonly run: RunFolder,
    /** Where the product is, once it is served. */
    readonly productUrl: string,
    private readonly running: RunningAws,
  ) {
    this.stops.unshift(() => running.stop());
    this.s3 = new S3Client({ ...this.aws, forcePathStyle: true });
    this.looks = setInterval(() => void this.look(), LOOK_INTERVAL_MS);
  }

  static async start(place: Place): Promise<EmptyAws> {
    const run = RunFolder.open({ name: "empty-test", once: true, fresh: true });
    const running = await startAws(run, { account: place.accountId, region: place.region });
    return new EmptyAws(place, run, `http://localhost:${await run.port("edge")}`, running);
  }

  get aws(): AwsClientConfig {
    return this.running.functions.options.aws;
  }

  /** Variables by which commands use it. */
  async variables(): Promise<Record<string, string>> {
    const registry = await startRegistry(this.aws);
    this.stops.unshift(() => registry.stop());
    return {
      STREAMFLOW_REGISTRY: `http://${registry.host}:${registry.port}`,
      STREAMFLOW_URL: this.productUrl,
    };
  }

  /** Outputs of the deployed environment. */
  async outputs(): Promise<Readonly<Record<string, string>>> {
    const { bucket: Bucket, key: Key } = this.place.state;
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket, Key }));
    return textOutputs(parseState((await Body?.transformToString()) ?? "", Key));
  }

  /** Stops to serve the environment; its resources remain. Throws what kept it from being served. */
  async stopServing(): Promise<void> {
    this.stopped = true;
    clearInterval(this.looks);
    await (await this.served)?.stop();
    this.served = undefined;
  }

  async stop(): Promise<void> {
    await stopAll([() => this.stopServing(), ...this.stops]).finally(() => this.run.release());
  }

  /** Serves the environment once its state has outputs, and no Terraform holds it. */
  private async look(): Promise<void> {
    if (this.served !== undefined || (await this.isLocked())) return;
    const { processor_service: last } = await this.outputs().catch(() => ({ processor_service: undefined }));
    // another look may have been faster, and the environment may have been stopped
    if (last === undefined || this.stopped) return;
    this.served ??= this.serve();
    // `stopServing` throws it
    await this.served.catch(() => undefined);
  }

  private isLocked(): Promise<boolean> {
    const { bucket: Bucket, key } = this.place.state;
    return this.s3.send(new HeadObjectCommand({ Bucket, Key: `${key}.tflock` })).then(
      () => true,
      () => false,
    );
  }

  private async serve(): Promise<Served> {
    const { run, running } = this;
    const { functions } = running;
    const deployment = { aws: this.aws, outputs: await this.outputs() };
    const print = (line: string) => void this.output.write(line);
    const served = await serve({ deployment, functions, run, print });
    const { url } = await served.startApi();
    await served.startTasks();
    await served.startEdge(url);
    return served;
  }
}

/** Key of the state of an environment. */
export const stateKeyOf = (environment: string): string => `streamflow-${environment}/terraform.tfstate`;
