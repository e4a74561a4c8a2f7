import type { FunctionConfiguration } from "./configuration";

/** Lambda's file of RDS certificate authorities, the only one in the runtime. */
export const runtimeCertificates = "/var/runtime/ca-cert.pem";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface RuntimeEnvironment {
  readonly configuration: FunctionConfiguration;
  readonly region: string;
  /** Credentials of the function's role. */
  readonly credentials: Credentials;
  /** AWS_ENDPOINT_URL, in place of DNS and VPC endpoints. */
  readonly endpoint: string;
  /** `host:port` of the X-Ray daemon. */
  readonly xray: string;
  readonly taskRoot: string;
  readonly logStream: string;
  /** Local certificate authorities, in place of `runtimeCertificates`. */
  readonly certificates: string;
  /** Local authority of public hosts, in place of those that Node.js trusts. */
  readonly publicCertificates: string;
}

/** Variables that the Lambda runtime sets and functions can't override. */
function reserved({ configuration, region, credentials, xray, taskRoot, ...rest }: RuntimeEnvironment) {
  const [host = "", port = ""] = xray.split(":");
  return {
    _HANDLER: configuration.handler,
    AWS_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memory),
    AWS_LAMBDA_FUNCTION_VERSION: configuration.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: rest.logStream,
    AWS_LAMBDA_LOG_FORMAT: configuration.logFormat,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_XRAY_DAEMON_ADDRESS: xray,
    _AWS_XRAY_DAEMON_ADDRESS: host,
    _AWS_XRAY_DAEMON_PORT: port,
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
  };
}

/** Variables that the runtime sets unless the function does. */
function defaults({ region, endpoint, taskRoot }: RuntimeEnvironment) {
  return {
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    LANG: "en_US.UTF-8",
    NODE_PATH: `/opt/nodejs/node_modules:/var/runtime/node_modules:${taskRoot}`,
    PATH: "/usr/local/bin:/usr/bin:/bin:/opt/bin",
    TZ: "UTC",
  };
}

export interface ProcessEnvironment {
  /** Environment at process start. */
  readonly start: Record<string, string>;
  /** Deployed values of variables for which the process started with others; null where none was deployed. */
  readonly seen: Record<string, string | null>;
}

/** The environment of a function's process: only what Lambda provides, nothing of this machine. */
export function processEnvironment(runtime: RuntimeEnvironment): ProcessEnvironment {
  const deployed = runtime.configuration.environment;
  const start: Record<string, string> = { ...defaults(runtime), ...deployed, ...reserved(runtime) };
  const { NODE_EXTRA_CA_CERTS: authorities = null } = deployed;
  if (authorities !== null && authorities !== runtimeCertificates) return { start, seen: {} };
  // Node reads the file before any code runs, so it needs the local path
  start.NODE_EXTRA_CA_CERTS = authorities === null ? runtime.publicCertificates : runtime.certificates;
  return { start, seen: { NODE_EXTRA_CA_CERTS: authorities } };
}
