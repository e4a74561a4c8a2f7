import { writeFileSync } from "node:fs";
import type { AwsClientConfig } from "@packages/embedded-aws/client";
import type { Deployment } from "./deploy";
import { faultPrinter } from "./event-faults";
import { type EcsService } from "@packages/embedded-aws/ecs/service";
import { startServices } from "@packages/embedded-aws/ecs/services";
import { startEdge } from "@packages/embedded-aws/edge/server";
import { startEventSources } from "@packages/embedded-aws/event-sources/event-sources";
import { followStage } from "@packages/embedded-aws/gateway/current";
import { startGatewayServer } from "@packages/embedded-aws/gateway/server";
import { startInvokeApi } from "@packages/embedded-aws/lambda/api";
import { RoleCredentials } from "@packages/embedded-aws/lambda/credentials";
import { LogStream } from "@packages/embedded-aws/lambda/log";
import { LambdaService } from "@packages/embedded-aws/lambda/service";
import { PermissionWatch } from "@packages/embedded-aws/permissions/watch";
import type { RunFolder } from "./run-folder";
import {
  certificateAuthority,
  type CertificateAuthority,
  serverCertificate,
} from "@packages/embedded-aws/servers/certificates";
import { startTlsFront } from "@packages/embedded-aws/servers/tls-front";
import type { PostgresServer } from "@packages/embedded-aws/servers/postgres";
import type { RedisServer } from "@packages/embedded-aws/servers/redis";
import { startRegistry } from "@packages/embedded-aws/registry/server";
import { XRayDaemon } from "@packages/embedded-aws/xray/daemon";
import { NODE_MAJOR } from "../../stacks/constructs/compute/function-code";
import { bundleProcessor } from "../../stacks/constructs/compute/program-files";
import {
  type DataPlane,
  type DataPlaneOptions,
  startDataPlane,
} from "@packages/embedded-aws/data-plane/data-plane";

/** What serving needs of a deployment. */
export type ServedDeployment = Pick<Deployment, "aws" | "outputs">;

export interface ServeOptions {
  readonly deployment: ServedDeployment;
  readonly accountId: string;
  readonly authority: CertificateAuthority;
  /** For the stack's database; undefined if it has none. */
  readonly postgres: PostgresServer | undefined;
  /** For the stack's caches; without it they are down. */
  readonly redis: RedisServer | undefined;
  readonly run: RunFolder;
  /** Prints a line about what was not delivered. */
  readonly print: (line: string) => void;
}

export interface Served {
  readonly data: DataPlane;
  /** Compares the actions of roles with their policies. */
  readonly permissions: PermissionWatch;
  /** Client configuration of the Lambda API; invokes go to the local functions. */
  readonly lambda: AwsClientConfig;
  /** URL of the registry to which images are pushed. */
  readonly registryUrl: string;
  /** Path of a function's log file. */
  logFile(name: string): string;
  /** `url` is `http://127.0.0.1:<port>/<stage>` */
  startApi(): Promise<{ readonly url: string; readonly routes: readonly string[] }>;
  /** Runs the tasks of every deployed service, with the number that its autoscaler wants; returns the services. */
  startTasks(): Promise<readonly EcsService[]>;
  /** Serves the deployed distribution in front of the API and the tasks; returns its URL. */
  startEdge(api: string): Promise<string>;
  stop(): Promise<void>;
}

/** One of the stack's outputs. Throws if it has none of that name. */
export function output({ outputs }: Pick<Deployment, "outputs">, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`the stack has no output ${name}`);
  return value;
}

/**
 * Serves an applied stack, also one without a database, an API or tasks: starts what the emulator lacks, namely
 * databases, caches, functions and their event sources, and X-Ray's daemon. If one fails, all are stopped.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const stops: Stop[] = [];
  try {
    return await start(options, stops);
  } catch (error) {
    await stopAll(stops).catch(() => undefined);
    throw error;
  }
}

type Stop = () => Promise<void>;

/** Runs all stops in order even if some fail; throws the first failure. */
async function stopAll(stops: readonly Stop[]): Promise<void> {
  const failed: unknown[] = [];
  for (const stop of stops) await stop().catch((error: unknown) => failed.push(error));
  if (failed.length > 0) throw failed[0];
}

/** Starts the parts that everything needs, and prepends the stop of each to `stops`. */
async function start(options: ServeOptions, stops: Stop[]): Promise<Served> {
  const { deployment, run, accountId } = options;
  const { aws } = deployment;
  const credentials = new RoleCredentials(aws);
  const xray = await XRayDaemon.start(aws);
  stops.unshift(() => xray.stop());
  const permissions = new PermissionWatch({
    aws,
    accountId,
    file: run.report("iam-report.md"),
    roles: () => credentials.roles,
    policyOf: ({ why }) =>
      why.includes("boundary")
        ? "WORKLOAD_ACTIONS in stacks/constructs/delivery/workload-boundary.ts"
        : "the list of its permissions in stacks/streamflow-stack.ts",
  });
  const data = await startDataPlane({
    ...options,
    connectFault: (role, { action, resource }) => permissions.fault(role, { action, resource, context: {} }),
    aws,
    credentials,
    database: databaseOf(options),
    log: (name) => run.log(name),
  });
  stops.unshift(() => data.stop());
  const edgePort = await run.port("edge");
  const { hosts, ...certificates } = await startPublicHost(options, edgePort, stops);
  const functions = new LambdaService({
    aws,
    credentials,
    xray,
    hosts: { ...data.hosts, ...hosts },
    ...certificates,
    folder: run.path("lambda"),
    logFile: (name) => run.log(name),
  });
  stops.unshift(() => functions.stop());
  const log = run.log("event-sources");
  const onFault = faultPrinter(options.print, log);
  const eventSources = startEventSources({ aws, credentials, functions, log, onFault });
  stops.unshift(() => eventSources.stop());
  const invokeApi = await startInvokeApi({ service: functions, emulator: aws.endpoint });
  stops.unshift(() => invokeApi.stop());
  const registry = await startRegistry(aws);
  stops.unshift(() => registry.stop());
  const lambda = { ...aws, endpoint: `http://${invokeApi.host}:${invokeApi.port}` };
  const registryUrl = `http://${registry.host}:${registry.port}`;
  return new LocalServices(options, stops, {
    credentials,
    xray,
    permissions,
    data,
    functions,
    lambda,
    registryUrl,
    edgePort,
  });
}

/**
 * The public host for the functions' processes, if the stack has one: TLS in front of the edge, which starts later. Returns
 * PEM files of the authorities that functions trust, with that of the databases and without.
 */
async function startPublicHost(
  { deployment, authority, run }: ServeOptions,
  edgePort: number,
  stops: Stop[],
): Promise<{
  readonly hosts: DataPlane["hosts"];
  readonly certificates: string;
  readonly publicCertificates: string;
}> {
  const publicAuthority = await certificateAuthority(run.path("public-ca"));
  const certificates = run.path("certificates.pem");
  writeFileSync(certificates, `${authority.cert}\n${publicAuthority.cert}`);
  const files = { certificates, publicCertificates: publicAuthority.certFile };
  if (deployment.outputs.url === undefined) return { hosts: {}, ...files };
  const { hostname } = new URL(deployment.outputs.url);
  const certificate = await serverCertificate(publicAuthority, hostname);
  const front = await startTlsFront({ certificate, port: edgePort });
  stops.unshift(() => front.stop());
  return { hosts: { [hostname]: { 443: front.port } }, ...files };
}

/** The stack's database and its server. Throws if the server is missing. */
function databaseOf({ deployment, postgres }: ServeOptions): DataPlaneOptions["database"] {
  const identifier = deployment.outputs.database_identifier;
  if (identifier === undefined) return undefined;
  if (postgres === undefined)
    throw new Error(`the database ${identifier} can't be served without PostgreSQL`);
  return { identifier, server: postgres };
}

/** Servers that run before the stack is served. */
interface Parts {
  readonly credentials: RoleCredentials;
  readonly xray: XRayDaemon;
  readonly permissions: PermissionWatch;
  readonly data: DataPlane;
  readonly functions: LambdaService;
  readonly lambda: AwsClientConfig;
  readonly registryUrl: string;
  readonly edgePort: number;
}

class LocalServices implements Served {
  readonly data: DataPlane;
  readonly permissions: PermissionWatch;
  readonly lambda: AwsClientConfig;
  readonly registryUrl: string;
  private tasks: readonly EcsService[] = [];

  constructor(
    private readonly options: ServeOptions,
    private readonly stops: Stop[],
    private readonly parts: Parts,
  ) {
    this.data = parts.data;
    this.permissions = parts.permissions;
    this.lambda = parts.lambda;
    this.registryUrl = parts.registryUrl;
  }

  logFile(name: string): string {
    return this.options.run.log(name);
  }

  async startApi(): Promise<{ url: string; routes: readonly string[] }> {
    const { deployment, accountId, run } = this.options;
    const { aws } = deployment;
    const [id, stage] = [output(deployment, "api_id"), output(deployment, "api_stage")];
    const gateway = await followStage(aws, this.parts.functions, { accountId, id, stage });
    const { accessLog, routes } = (await gateway()).definition;
    const log = new LogStream(aws, {
      group: accessLog?.logGroup ?? "",
      name: `${new Date().toISOString().slice(0, 10)}-${process.pid}`,
      file: run.log("api-access"),
    });
    const server = await startGatewayServer({
      gateway,
      port: await run.port("api"),
      onAccess: (line) => log.write(line),
      onSegment: (segment) => this.parts.xray.put(segment),
    });
    this.stops.unshift(
      () => server.stop(),
      () => log.flush(),
    );
    const listed = routes.map(({ method, path }) => `${method} ${path}`).sort();
    return { url: `http://${server.host}:${server.port}/${stage}`, routes: listed };
  }

  async startTasks(): Promise<readonly EcsService[]> {
    const { deployment, authority, run } = this.options;
    const services = await startServices({
      aws: deployment.aws,
      credentials: this.parts.credentials,
      hosts: this.data.hosts,
      xrayAddress: this.parts.xray.address,
      certificates: authority.certFile,
      folder: run.path("tasks"),
      logFile: run.log("tasks"),
      nodeMajor: NODE_MAJOR,
      writeProgram: (folder) => bundleProcessor(folder)[0] ?? "",
    });
    this.stops.unshift(() => services.stop());
    this.tasks = services.services;
    return this.tasks;
  }

  async startEdge(api: string): Promise<string> {
    const { deployment } = this.options;
    const edge = await startEdge({
      aws: deployment.aws,
      distributionId: output(deployment, "distribution_id"),
      publicUrl: output(deployment, "url"),
      origins: { api: new URL(api).origin, tasks: () => this.tasks.flatMap(({ ports }) => ports) },
      port: this.parts.edgePort,
    });
    this.stops.unshift(() => edge.stop());
    return `http://localhost:${edge.port}`;
  }

  stop(): Promise<void> {
    return stopAll(this.stops);
  }
}
