import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startProcess } from "../../../packages/cli-kit/process";
import { untilReady } from "../../../packages/embedded-aws/servers/health";
import { freePort } from "../../../packages/embedded-aws/servers/ports";

export interface RegistryServer {
  /** Such as `127.0.0.1:5000`. */
  readonly host: string;
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts Debian's docker-registry, the registry of the CNCF, with its data in a folder. */
export async function startRegistry(folder: string): Promise<RegistryServer> {
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const config = join(folder, "registry.yml");
  const settings = {
    version: "0.1",
    log: { accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, "registry") } },
    http: { addr: host },
  };
  // JSON is YAML
  writeFileSync(config, JSON.stringify(settings));
  const log = join(folder, "registry.log");
  const server = await startProcess({
    name: "docker-registry",
    command: "docker-registry",
    args: ["serve", config],
    log,
    env: process.env,
  });
  const answers = async () => (await fetch(`http://${host}/v2/`).catch(() => undefined))?.ok === true;
  await untilReady(server, answers, { log, timeout: 60_000 });
  return { host, url: `http://${host}`, stop: () => server.stop() };
}
