import { mkdirSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { writeWhole } from "@packages/cli-kit/write-whole";
import type { AwsClientConfig } from "../client";
import { unpackedCode } from "./code";
import type { FunctionConfiguration } from "./configuration";
import type { RoleCredentials } from "./credentials";
import { processEnvironment } from "./environment";
import { Instance } from "./instance";
import { LogStream } from "./log";

/** Local ports of deployed endpoints: `{ "db.example.rds.amazonaws.com": { 5432: 40001 } }`. */
export type HostPorts = Readonly<Record<string, Readonly<Record<number, number>>>>;

export interface EnvironmentOptions {
  /** Client configuration of the emulator. */
  readonly aws: AwsClientConfig;
  readonly credentials: RoleCredentials;
  /** `host:port` of the X-Ray daemon. */
  readonly xrayAddress: string;
  /** Reads the local ports of the endpoints that are deployed now. */
  readonly hosts: () => Promise<HostPorts>;
  /** Folder of unpacked code. */
  readonly folder: string;
  /** PEM file of the local certificate authorities, in place of the runtime's. */
  readonly certificates: string;
  /** PEM file of the local authority of public hosts, which functions trust without that file. */
  readonly publicCertificates: string;
  /** The log file of a function. */
  readonly logFile: (name: string) => string;
}

/** A process of a function with its log stream. */
export interface ExecutionEnvironment {
  readonly instance: Instance;
  readonly log: LogStream;
}

/** Starts a process of a function with its code, credentials and variables. Throws if one is not available. */
export async function startEnvironment(
  configuration: FunctionConfiguration,
  options: EnvironmentOptions,
): Promise<ExecutionEnvironment> {
  const { aws, folder } = options;
  const { name, version, role } = configuration;
  mkdirSync(folder, { recursive: true });
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  const logStream = `${day}/[${version}]${randomUUID().replaceAll("-", "")}`;
  const session = { role, sessionName: name };
  // Lambda writes logs with the function's role.
  const writer = { ...aws, credentials: options.credentials.provider(session) };
  const log = new LogStream(writer, {
    group: configuration.logGroup,
    name: logStream,
    file: options.logFile(name),
  });
  const taskRoot = await unpackedCode(configuration, folder);
  const { start, seen } = processEnvironment({
    configuration,
    region: aws.region,
    credentials: await options.credentials.of(session),
    endpoint: aws.endpoint,
    xray: options.xrayAddress,
    taskRoot,
    logStream,
    certificates: options.certificates,
    publicCertificates: options.publicCertificates,
  });
  const networkFile = join(folder, `${name}.network.json`);
  const hosts = await options.hosts();
  // Instances of one function may start at the same time.
  writeWhole(networkFile, JSON.stringify({ hosts, environment: seen }));
  const onLine = (line: string) => log.write(line);
  return {
    instance: await Instance.start({ configuration, taskRoot, env: start, networkFile, onLine }),
    log,
  };
}
