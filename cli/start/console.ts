import type { Deployment } from "./deploy";
import { buildConsole } from "../web/build";
import { publishConsole } from "../web/publish";
import { output } from "./serve";

/** Builds the console, publishes it as for AWS, and loads it through the edge. Throws if it is not served. */
export async function publishAndLoad(deployment: Deployment, url: string): Promise<string> {
  const files = await buildConsole();
  const published = await publishConsole({ ...deployment.aws, forcePathStyle: true }, files, {
    staticBucket: output(deployment, "static_bucket"),
    appId: output(deployment, "app_id"),
    branch: output(deployment, "app_branch"),
  });
  const paths = ["/", "/static/config.json", ...[...files.assets.keys()].map((path) => `/${path}`)];
  for (const path of paths) {
    const response = await fetch(`${url}${path}`);
    const text = await response.text();
    if (!response.ok)
      throw new Error(`the console's ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    if (path === "/" && text !== files.page)
      throw new Error(`the console's page is not the published one: ${text.slice(0, 300)}`);
  }
  return published;
}
