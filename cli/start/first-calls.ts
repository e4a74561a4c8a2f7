import { setTimeout as sleep } from "node:timers/promises";
import type { Deployment } from "./deploy";
import type { Steps } from "@packages/cli-kit/progress";
import { call } from "./call-api";
import { invokeFunction } from "../lib/invoke-function";
import { migrationsText } from "../lib/migration-result";
import { output, type Served } from "./serve";

const CACHE_LOGIN_TIMEOUT_MS = 10_000;

/**
 * The first answer in which the cache is up, or the last one. The function waits only 100 ms for its first login, which
 * goes on in the background.
 */
export async function callHealth(url: string, { functions }: Served) {
  const hasCache = Object.values(await functions.data.hosts()).every(
    (ports) => Object.keys(ports).length > 0,
  );
  const end = Date.now() + (hasCache ? CACHE_LOGIN_TIMEOUT_MS : 0);
  let answer = await call(url);
  while (answer.text.includes('"cache":"down"') && Date.now() < end) {
    await sleep(250);
    answer = await call(url);
  }
  return answer;
}

/**
 * Starts the API and calls each kind of route once; returns the API's URL. Runs the migrations if no apply of
 * this run did: the database may be new, such as one of another version of PostgreSQL.
 */
export async function firstCalls(deployment: Deployment, served: Served, steps: Steps): Promise<string> {
  if (!deployment.migrated) {
    const name = output(deployment, "migrate_function");
    await steps.run(
      "migrations",
      () => invokeFunction(deployment.aws, { name, event: {}, log: served.logFile(name) }),
      (result) => migrationsText(JSON.stringify(result)),
    );
  }
  const { url, routes } = await steps.run(
    "API",
    () => served.startApi(),
    (api) => api.routes.join(", "),
  );
  for (const route of ["/health", "/media"].filter((path) => routes.includes(`GET ${path}`))) {
    await steps.run(
      `GET ${route}`,
      () => (route === "/health" ? callHealth(`${url}${route}`, served) : call(`${url}${route}`)),
      ({ status, text }) => `${status} ${text.slice(0, 200)}`,
    );
  }
  return url;
}
