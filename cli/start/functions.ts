import { writeFileSync } from "node:fs";
import type { AwsClientConfig } from "@packages/embedded-aws/client";
import { DataPlane } from "@packages/embedded-aws/data-plane/data-plane";
import { startInvokeApi } from "@packages/embedded-aws/lambda/api";
import { RoleCredentials } from "@packages/embedded-aws/lambda/credentials";
import { LambdaService } from "@packages/embedded-aws/lambda/service";
import { PermissionWatch } from "@packages/embedded-aws/permissions/watch";
import { certificateAuthority, type CertificateAuthority } from "@packages/embedded-aws/servers/certificates";
import type { PostgresServers } from "@packages/embedded-aws/servers/postgres-servers";
import type { RedisServer } from "@packages/embedded-aws/servers/redis";
import { XRayDaemon } from "@packages/embedded-aws/xray/daemon";
import type { RunFolder } from "./run-folder";
import { startParts, type Stop, stopAll } from "./stops";

export interface FunctionsOptions {
  /** Client configuration of the emulator. */
  readonly aws: AwsClientConfig;
  readonly accountId: string;
  readonly authority: CertificateAuthority;
  /** For the stack's database; undefined if it has none. */
  readonly postgres: PostgresServers | undefined;
  /** For the stack's caches; without it they are down. */
  readonly redis: RedisServer | undefined;
  readonly run: Pick<RunFolder, "path" | "log" | "report">;
}

/** The emulator's functions, with the databases and caches that they use. */
export interface Functions {
  readonly options: FunctionsOptions;
  readonly credentials: RoleCredentials;
  readonly xray: XRayDaemon;
  /** Compares the actions of roles with their policies. */
  readonly permissions: PermissionWatch;
  readonly data: DataPlane;
  readonly service: LambdaService;
  /** Authority of public hosts, which functions trust. */
  readonly publicAuthority: CertificateAuthority;
  /** Makes functions that start from now on reach a public host at a local port. */
  publish(hostname: string, port: number): void;
  stop(): Promise<void>;
}

/**
 * Runs the functions that are invoked in the emulator, also while Terraform applies their stack: code, databases and caches
 * are those that are deployed when a function's process starts. If a part fails to start, the others are stopped.
 */
export function runFunctions(options: FunctionsOptions): Promise<Functions> {
  return startParts((stops) => start(options, stops));
}

async function start(options: FunctionsOptions, stops: Stop[]): Promise<Functions> {
  const { aws, accountId, postgres, run } = options;
  const credentials = new RoleCredentials(aws);
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
  const data = new DataPlane({
    ...options,
    connectFault: (role, { action, resource }) => permissions.fault(role, { action, resource, context: {} }),
    credentials,
    postgres: postgres && ((resourceId) => postgres.of(resourceId)),
    log: (name) => run.log(name),
  });
  stops.unshift(() => data.stop());
  const published: Record<string, Record<number, number>> = {};
  const publicAuthority = await certificateAuthority(run.path("public-ca"));
  const certificates = run.path("certificates.pem");
  writeFileSync(certificates, `${options.authority.cert}\n${publicAuthority.cert}`);
  const xray = await XRayDaemon.start(aws);
  stops.unshift(() => xray.stop());
  const service = new LambdaService({
    aws,
    credentials,
    xray,
    hosts: async () => ({ ...(await data.hosts()), ...published }),
    certificates,
    publicCertificates: publicAuthority.certFile,
    folder: run.path("lambda"),
    logFile: (name) => run.log(name),
  });
  stops.unshift(() => service.stop());
  const api = await startInvokeApi({ service, emulator: aws.endpoint });
  stops.unshift(() => api.stop());
  return {
    options,
    credentials,
    xray,
    permissions,
    data,
    service,
    publicAuthority,
    publish: (hostname, port) => void (published[hostname] = { 443: port }),
    stop: () => stopAll(stops),
  };
}
