import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

type Held = Record<string, unknown>;

export interface FakeGrafana {
  readonly url: string;
  readonly token: string;
  /** `METHOD /path` of every request that changed something. */
  readonly changes: string[];
  /** Data sources, folders and dashboards by uid. */
  readonly held: Readonly<Record<"datasources" | "folders" | "dashboards", Map<string, Held>>>;
  close(): Promise<void>;
}

/** The part of Grafana's HTTP API that provisioning uses; it rejects what Grafana rejects. */
export async function fakeGrafana(): Promise<FakeGrafana> {
  const held = { datasources: new Map<string, Held>(), folders: new Map(), dashboards: new Map() };
  const changes: string[] = [];
  const token = "glsa_secret";
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const [status, answer] =
        request.headers.authorization === `Bearer ${token}`
          ? answerTo(request.method ?? "", request.url ?? "", body)
          : [401, { message: "Unauthorized" }];
      if (request.method !== "GET" && status < 300) changes.push(`${request.method} ${request.url}`);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  function answerTo(method: string, path: string, body: Held): [number, object] {
    const [, , kind = "", ...rest] = path.split("/");
    const uid = rest.at(-1) ?? "";
    if (kind === "dashboards" && method === "POST") return putDashboard(body);
    const map = held[kind as keyof typeof held];
    if (method === "POST") {
      const own = body.uid as string;
      if (map.has(own)) return [409, { message: "it is there already" }];
      map.set(own, { id: map.size + 1, version: 1, orgId: 1, ...body });
      return [200, map.get(own) as Held];
    }
    const found = map.get(uid);
    if (found === undefined) return [404, { message: "not found" }];
    if (method === "PUT") map.set(uid, { ...found, ...body, version: Number(found.version) + 1 });
    return [200, map.get(uid) as Held];
  }

  function putDashboard({ dashboard, folderUid, overwrite }: Held): [number, object] {
    const { uid, title } = dashboard as { uid: string; title?: string };
    if (title === undefined || title === "") return [400, { message: "Dashboard title cannot be empty" }];
    if (!held.folders.has(folderUid)) return [400, { message: "folder not found" }];
    const before = held.dashboards.get(uid)?.dashboard as { version: number } | undefined;
    if (before !== undefined && overwrite !== true) return [412, { message: "version-mismatch" }];
    const version = (before?.version ?? 0) + 1;
    const kept = { ...(dashboard as Held), id: held.dashboards.size + 1, version };
    held.dashboards.set(uid, { dashboard: kept, meta: { folderUid } });
    return [200, { uid, status: "success", version }];
  }

  return {
    url: `http://127.0.0.1:${port}`,
    token,
    changes,
    held,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Held> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as Held);
}
