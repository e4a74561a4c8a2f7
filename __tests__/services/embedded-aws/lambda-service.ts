import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AwsClientConfig, clientConfig } from "../../../packages/embedded-aws/client";
import { RoleCredentials } from "../../../packages/embedded-aws/lambda/credentials";
import { LambdaService } from "../../../packages/embedded-aws/lambda/service";
import { type Emulator, startEmulator } from "../../../packages/embedded-aws/servers/emulator";
import { XRayDaemon } from "../../../packages/embedded-aws/xray/daemon";
import { createRole } from "./functions";

export const accountId = "111111111111";

export interface TestLambda {
  readonly emulator: Emulator;
  readonly aws: AwsClientConfig;
  readonly credentials: RoleCredentials;
  readonly xray: XRayDaemon;
  readonly service: LambdaService;
  readonly logFile: (name: string) => string;
  stop(): Promise<void>;
}

/** An emulator with a Lambda service for the functions that a test deploys. */
export async function startLambda(): Promise<TestLambda> {
  const folder = mkdtempSync(join(tmpdir(), "lambda-"));
  const logFile = (name: string) => join(folder, `${name}.log`);
  const emulator = await startEmulator({ accountId, log: logFile("emulator") });
  const aws = clientConfig(emulator.endpoint, "us-east-1");
  await createRole(aws);
  const xray = await XRayDaemon.start(aws);
  const credentials = new RoleCredentials(aws);
  const trusted = { certificates: "/nowhere/ca.pem", publicCertificates: "/nowhere/public-ca.pem" };
  const code = { folder: join(folder, "code"), ...trusted, logFile };
  const service = new LambdaService({ aws, credentials, xray, hosts: () => Promise.resolve({}), ...code });
  async function stop() {
    await service.stop();
    await xray.stop();
    await emulator.stop();
  }
  return { emulator, aws, credentials, xray, service, logFile, stop };
}

/** A function that does what the event's `action` says. */
export const obedient = `
  let ticks = 0, calls = 0;
  setInterval(() => ticks++, 10);
  const { existsSync, writeFileSync } = require("node:fs");
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  exports.handler = async (event, context) => {
    calls++;
    console.log("called with", event.action);
    switch (event.action) {
      case "version": return process.version;
      case "state": return { pid: process.pid, ticks, calls, variables: process.env, context,
                             remaining: context.getRemainingTimeInMillis() };
      case "wait": await wait(event.ms); return { pid: process.pid };
      case "hold":
        writeFileSync(event.gate + "." + process.pid, "");
        while (!existsSync(event.gate)) await wait(20);
        return { pid: process.pid };
      case "throw": throw new TypeError("no such media");
      case "exit": process.exit(3);
      case "uncaught": setTimeout(() => { throw new RangeError("in a timer"); }, 10); await wait(1000);
      case "rejection": void Promise.reject(new Error("nobody listens")); await wait(1000);
      case "buffers": { const kept = []; for (;;) { kept.push(Buffer.alloc(8e6, 1)); await wait(5); } }
      case "heap": { const kept = []; for (;;) kept.push(new Array(1e5).fill({})); }
    }
  };`;

/** The function's answer about itself. */
export interface State {
  readonly pid: number;
  readonly ticks: number;
  readonly calls: number;
  readonly remaining: number;
  readonly variables: Record<string, string>;
  readonly context: unknown;
  readonly trace: string[];
}
