import { createServer, type IncomingMessage, request as sendRequest, type ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { RunFolder } from "../../cli/start/run-folder";
import { serve, type Served } from "../../cli/start/serve";
import { type AwsClientConfig, clientConfig } from "../../packages/embedded-aws/client";
import { startRegistry } from "../../packages/embedded-aws/registry/server";
import { certificateAuthority } from "../../packages/embedded-aws/servers/certificates";
import { type Emulator, startEmulator } from "../../packages/embedded-aws/servers/emulator";
import { startPostgres } from "../../packages/embedded-aws/servers/postgres";
import { startRedis } from "../../packages/embedded-aws/servers/redis";
import { listen } from "../../packages/embedded-aws/servers/tls-front";
import { parseState, textOutputs } from "../../packages/terraform/state";

export interface Place {
  readonly accountId: string;
  readonly region: string;
  /** Where the environment's state will be. */
  readonly state: { readonly bucket: string; readonly key: string };
}

/** An AWS account without resources. What is deployed in it is served at the first call of one of its functions. */
export class EmptyAws {
  readonly aws: AwsClientConfig;
  /** Resolves once the deployed environment is served. */
  private served: Promise<Served> | undefined;
  private readonly stops: (() => Promise<void>)[] = [];
  private readonly output = new PassThrough();

  private constructor(
    private readonly place: Place,
    private readonly run: RunFolder,
    /** Where the product is, once it is served. */
    readonly productUrl: string,
    emulator: Emulator,
  ) {
    this.aws = clientConfig(emulator.endpoint, place.region);
    this.stops.unshift(() => emulator.stop());
  }

  static async start(place: Place): Promise<EmptyAws> {
    const run = RunFolder.open({ name: "empty-test", once: true, fresh: true });
    const emulator = await startEmulator({ accountId: place.accountId, log: run.log("emulator") });
    return new EmptyAws(place, run, `http://localhost:${await run.port("edge")}`, emulator);
  }

  /** Variables by which commands use it. */
  async variables(): Promise<Record<string, string>> {
    const lambda = await listen(createServer((request, response) => void this.forward(request, response)));
    const registry = await startRegistry(this.aws);
    this.stops.unshift(
      () => lambda.stop(),
      () => registry.stop(),
    );
    return {
      AWS_ENDPOINT_URL_LAMBDA: `http://${lambda.host}:${lambda.port}`,
      STREAMFLOW_REGISTRY: `http://${registry.host}:${registry.port}`,
      STREAMFLOW_URL: this.productUrl,
    };
  }

  /** Outputs of the deployed environment. */
  async outputs(): Promise<Readonly<Record<string, string>>> {
    const s3 = new S3Client({ ...this.aws, forcePathStyle: true });
    const { bucket: Bucket, key: Key } = this.place.state;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return textOutputs(parseState((await Body?.transformToString()) ?? "", Key));
  }

  /** Stops to serve the environment; its resources remain. */
  async stopServing(): Promise<void> {
    await (await this.served)?.stop();
    this.served = undefined;
  }

  async stop(): Promise<void> {
    await this.stopServing();
    for (const stop of this.stops) await stop();
    this.run.release();
  }

  /** Sends an invocation to the function once the environment is served, and everything else to the emulator. */
  private async forward(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers, url = "/" } = incoming;
    try {
      const isInvocation = /\/invocations(\?|$)/.test(url);
      const target = isInvocation ? (await this.serving()).lambda.endpoint : this.aws.endpoint;
      const outgoing = sendRequest(new URL(url, target), { method, headers }, (answered) => {
        response.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(response);
      });
      outgoing.on("error", (error) => response.destroy(error));
      incoming.pipe(outgoing);
    } catch (error) {
      response.writeHead(500).end((error as Error).message);
    }
  }

  private serving(): Promise<Served> {
    this.served ??= this.serve();
    return this.served;
  }

  private async serve(): Promise<Served> {
    const { run, place } = this;
    const authority = await certificateAuthority(run.path("ca"));
    const postgres = await startPostgres({ folder: run.path("postgres"), log: run.log("postgres") });
    const redis = await startRedis({ log: run.log("redis") });
    this.stops.unshift(() => postgres.stop());
    if (redis !== undefined) this.stops.unshift(() => redis.stop());
    const deployment = { aws: this.aws, outputs: await this.outputs() };
    const print = (line: string) => void this.output.write(line);
    const served = await serve({
      deployment,
      accountId: place.accountId,
      authority,
      postgres,
      redis,
      run,
      print,
    });
    const { url } = await served.startApi();
    await served.startTasks();
    await served.startEdge(url);
    return served;
  }
}

/** Key of the state of an environment. */
export const stateKeyOf = (environment: string): string => `streamflow-${environment}/terraform.tfstate`;
