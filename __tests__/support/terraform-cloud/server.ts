import { mkdirSync, rmSync } from "node:fs";
import { createServer as createProxy, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { certificateAuthority, serverCertificate } from "../../../packages/embedded-aws/servers/certificates";
import type { TerraformToolchain } from "../../../packages/terraform/toolchain";
import { Collection, type Change } from "./collection";
import { dynamicCredentials } from "./identity-token";
import {
  answer,
  type Answer,
  ApiError,
  errorAnswer,
  type JsonApiResource,
  nothing,
  related,
} from "./json-api";
import { RunTasks, type TaskResult } from "./run-tasks";
import { Runs } from "./runs";
import { States } from "./states";
import { Worker } from "./worker";
import { Workspaces } from "./workspaces";

export interface TerraformCloudOptions {
  /** Folder of the certificate authority and of runs, which is removed at the end. */
  readonly folder: string;
  readonly organization: string;
  /** The only token that is accepted. */
  readonly token: string;
  readonly toolchain: TerraformToolchain;
  /** Environment variables of every run, such as the endpoint of the embedded AWS. */
  readonly workerEnv?: Readonly<Record<string, string>>;
}

interface Request {
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Buffer;
  /** The resource in the body. */
  readonly change: Change;
}

type Handler = (request: Request) => Answer;

const HOSTNAME = "app.terraform.io";
const URL_OF_CLOUD = `https://${HOSTNAME}`;

/**
 * A server with the API of Terraform Cloud, as far as the Terraform CLI and the commands of this project use it, over TLS.
 * Programs reach it by the name of Terraform Cloud through the proxy in `env`.
 * What is not modelled is answered with 501 and its name.
 * https://developer.hashicorp.com/terraform/cloud-docs/api-docs
 */
export class TerraformCloud {
  /** Requests that are not modelled. */
  readonly unmodelled: string[] = [];
  private readonly states: States;
  private readonly workspaces: Workspaces;
  private readonly tasks: RunTasks;
  private readonly runs: Runs;
  private readonly projects = new Collection("projects", "prj");
  private readonly variables = new Collection("vars", "var");
  private readonly notifications = new Collection("notification-configurations", "nc");
  private readonly teams = new Collection("teams", "team");
  private readonly teamAccess = new Collection("team-workspaces", "tws");
  private readonly routes: readonly (readonly [method: string, path: RegExp, handler: Handler])[];
  private limited = 0;
  private brokenPlans = false;
  private readonly proxy = createProxy();
  /** Connections through the proxy, which the proxy itself no longer knows. */
  private readonly tunnels = new Set<Duplex>();

  private constructor(
    private readonly options: TerraformCloudOptions,
    private readonly server: Server,
    /** PEM file of the certificate authority, for `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS`. */
    readonly caFile: string,
  ) {
    const { folder, organization, toolchain, workerEnv = {} } = options;
    const urlOf = (object: string): string => `${URL_OF_CLOUD}/objects/${object}`;
    const { id } = this.projects.create({ attributes: { name: "Default Project" } });
    this.workspaces = new Workspaces(organization, id);
    this.tasks = new RunTasks(() => URL_OF_CLOUD);
    this.states = new States(urlOf, (workspace) => this.runs.discardSaved(workspace));
    this.runs = new Runs({
      workspaces: this.workspaces,
      tasks: this.tasks,
      worker: new Worker({ toolchain, env: { ...workerEnv, SSL_CERT_FILE: caFile } }),
      folder: join(folder, "runs"),
      urlOf,
      envOf: (workspace, phase, place) => this.envOf(workspace, phase, place),
    });
    this.routes = this.allRoutes();
    server.on("request", (request, response) => void this.serve(request, response));
  }

  static async start(options: TerraformCloudOptions): Promise<TerraformCloud> {
    mkdirSync(options.folder, { recursive: true });
    const authority = await certificateAuthority(options.folder);
    const server = createServer(await serverCertificate(authority, HOSTNAME));
    const cloud = new TerraformCloud(options, server, authority.certFile);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    await cloud.startProxy();
    return cloud;
  }

  /** A proxy that knows this server by the name of Terraform Cloud, and no other. */
  private async startProxy(): Promise<void> {
    const { port } = this.server.address() as AddressInfo;
    this.proxy.on("connect", ({ url }, client) => {
      if (url !== `${HOSTNAME}:443`) return client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      this.tunnels.add(client);
      client.once("close", () => this.tunnels.delete(client));
      const upstream = connect(port, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on("error", () => client.destroy());
      return client.on("error", () => upstream.destroy());
    });
    await new Promise<void>((resolve) => this.proxy.listen(0, "127.0.0.1", resolve));
  }

  get proxyUrl(): string {
    return `http://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`;
  }

  /** Environment variables with which Terraform and commands reach this server. */
  get env(): Record<string, string> {
    return {
      SSL_CERT_FILE: this.caFile,
      NODE_EXTRA_CA_CERTS: this.caFile,
      HTTPS_PROXY: this.proxyUrl,
      [`TF_TOKEN_${HOSTNAME.replaceAll(".", "_")}`]: this.options.token,
    };
  }

  /** Answers of run tasks, from the first. */
  taskResults(): readonly TaskResult[] {
    return this.tasks.answers;
  }

  /** Whether plans have a text that is no JSON, as after a fault of Terraform Cloud. */
  breakPlans(broken: boolean): void {
    this.brokenPlans = broken;
  }

  /** Answers the next requests with 429. https://developer.hashicorp.com/terraform/cloud-docs/api-docs#rate-limiting */
  limitNext(requests: number): void {
    this.limited = requests;
  }

  /** Versions of a workspace's state, newest first. */
  statesOf(workspace: string): readonly JsonApiResource[] {
    return this.states.of(this.workspaces.named(workspace).id);
  }

  runsOf(workspace: string): readonly JsonApiResource[] {
    return this.runs.of(this.workspaces.named(workspace).id);
  }

  createTeam(name: string): JsonApiResource {
    return this.teams.create({ attributes: { name } });
  }

  async stop(): Promise<void> {
    await this.runs.idle();
    this.tunnels.forEach((tunnel) => tunnel.destroy());
    for (const one of [this.server, this.proxy]) {
      one.closeAllConnections();
      await new Promise<void>((resolve) => one.close(() => resolve()));
    }
    rmSync(this.options.folder, { recursive: true, force: true });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { status, body, type, location } = this.answerTo(request, Buffer.concat(chunks));
    response.writeHead(status, {
      // https://developer.hashicorp.com/terraform/enterprise/api-docs#response-headers
      "tfp-api-version": "2.6",
      "tfp-appname": "HCP Terraform",
      "x-ratelimit-limit": "30",
      ...(status === 429 ? { "x-ratelimit-reset": "0.1", "retry-after": "0" } : {}),
      ...(type === undefined ? {} : { "content-type": type }),
      ...(location === undefined ? {} : { location }),
    });
    response.end(body);
  }

  private answerTo(request: IncomingMessage, body: Buffer): Answer {
    const { pathname, searchParams: query } = new URL(request.url ?? "", URL_OF_CLOUD);
    const method = request.method ?? "";
    try {
      if (pathname === "/.well-known/terraform.json") return discovery;
      // The URLs of objects are secrets themselves.
      if (!pathname.startsWith("/objects/")) this.authenticate(request, pathname);
      if (this.limited > 0 && pathname !== "/api/v2/ping") {
        this.limited -= 1;
        throw new ApiError(429, "Too many requests");
      }
      const path = pathname.replace("/api/v2", "");
      for (const [routeMethod, pattern, handler] of this.routes) {
        const match = method === routeMethod ? pattern.exec(path) : null;
        if (match !== null) {
          const parts = match.slice(1).map(decodeURIComponent);
          return handler({ parts, query, body, change: changeIn(request, body) });
        }
      }
      this.unmodelled.push(`${method} ${path}`);
      throw new ApiError(501, `${method} ${path} is not modelled`);
    } catch (error) {
      if (error instanceof ApiError) return errorAnswer(error);
      return errorAnswer(new ApiError(500, "internal error", String(error)));
    }
  }

  private authenticate(request: IncomingMessage, path: string): void {
    const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
    if (token === this.options.token) return;
    const isOfTask = /\/(task-results\/[^/]+\/callback|plans\/[^/]+\/json-output)$/.test(path);
    if (!isOfTask || !this.tasks.hasToken(token)) throw new ApiError(401, "unauthorized");
  }

  private allRoutes(): TerraformCloud["routes"] {
    return [
      ...this.organizationRoutes(),
      ...this.workspaceRoutes(),
      ...this.stateRoutes(),
      ...this.runRoutes(),
      ...this.settingRoutes(),
    ];
  }

  private organizationRoutes(): TerraformCloud["routes"] {
    const organization = this.options.organization;
    const known = (name: string | undefined): void => {
      if (name !== organization) throw new ApiError(404, "not found");
    };
    const entitlements = { operations: true, "state-storage": true, "run-tasks": true, teams: true };
    return [
      route("GET", "/ping", () => nothing),
      route("GET", "/organizations/:name", ({ parts: [name] }) => {
        known(name);
        return answer({ id: organization, type: "organizations", attributes: { name } });
      }),
      route("GET", "/organizations/:name/entitlement-set", ({ parts: [name] }) => {
        known(name);
        return answer({ id: "org-1", type: "entitlement-sets", attributes: entitlements });
      }),
      route("GET", "/organizations/:name/runs/queue", () => answer([])),
      ...collectionRoutes(`/organizations/${organization}/projects`, "/projects", this.projects),
      ...collectionRoutes(`/organizations/${organization}/tasks`, "/tasks", this.tasks.tasks),
      ...collectionRoutes(`/organizations/${organization}/teams`, "/teams", this.teams),
    ];
  }

  private workspaceRoutes(): TerraformCloud["routes"] {
    const { workspaces } = this;
    const home = `/organizations/${this.options.organization}/workspaces`;
    return [
      route("GET", home, () => answer(workspaces.list())),
      route("POST", home, ({ change }) => answer(workspaces.create(change), { status: 201 })),
      route("GET", `${home}/:name`, ({ parts: [name = ""] }) => answer(workspaces.named(name))),
      route("GET", "/workspaces/:id", ({ parts: [id = ""] }) => answer(workspaces.get(id))),
      route("PATCH", "/workspaces/:id", ({ parts: [id = ""], change }) =>
        answer(workspaces.update(id, change)),
      ),
      route("DELETE", "/workspaces/:id", ({ parts: [id = ""] }) => {
        workspaces.delete(id);
        return nothing;
      }),
      route("POST", "/workspaces/:id/relationships/tags", ({ parts: [id = ""], change }) => {
        const { attributes } = workspaces.get(id);
        const added = (change as unknown as readonly Change[]).map((one) => one.attributes?.name);
        const tags = [...new Set([...(attributes["tag-names"] as unknown[]), ...added])];
        workspaces.update(id, { attributes: { "tag-names": tags } });
        return nothing;
      }),
      route("POST", "/workspaces/:id/actions/lock", ({ parts: [id = ""] }) => answer(workspaces.lock(id))),
      route("POST", "/workspaces/:id/actions/unlock", ({ parts: [id = ""] }) =>
        answer(workspaces.unlock(id)),
      ),
      route("POST", "/workspaces/:id/actions/force-unlock", ({ parts: [id = ""] }) =>
        answer(workspaces.unlock(id, { force: true })),
      ),
    ];
  }

  private stateRoutes(): TerraformCloud["routes"] {
    const { states, workspaces } = this;
    return [
      route("GET", "/workspaces/:id/current-state-version", ({ parts: [id = ""] }) => {
        const [current] = states.of(id);
        if (current === undefined) throw new ApiError(404, "not found");
        return answer(current);
      }),
      route("GET", "/workspaces/:id/current-state-version-outputs", ({ parts: [id = ""] }) =>
        answer(states.outputs(id)),
      ),
      route("POST", "/workspaces/:id/state-versions", ({ parts: [id = ""], change }) => {
        // https://developer.hashicorp.com/terraform/cloud-docs/api-docs/state-versions#create-a-state-version
        if (workspaces.get(id).attributes.locked !== true)
          throw new ApiError(409, "conflict", "the workspace must be locked");
        return answer(states.create(id, change.attributes as never), { status: 201 });
      }),
      route("GET", "/state-versions", ({ query }) =>
        answer(states.of(workspaces.named(query.get("filter[workspace][name]") ?? "").id)),
      ),
      route("GET", "/state-versions/:id", ({ parts: [id = ""] }) => answer(states.get(id))),
      route("GET", "/objects/state/:id", ({ parts: [id = ""] }) => ({
        status: 200,
        body: states.download(id),
      })),
      route("PUT", "/objects/state/:id", ({ parts: [id = ""], body }) => {
        states.upload(id, body);
        return { status: 200 };
      }),
      route("PUT", "/objects/json-state/:id", () => ({ status: 200 })),
    ];
  }

  private runRoutes(): TerraformCloud["routes"] {
    const { runs, tasks } = this;
    const read = ({ parts: [id = ""], query }: Request): Answer => {
      const run = runs.get(id);
      const workspace = this.workspaces.get(related(run, "workspace")?.id ?? "");
      const included = (query.get("include") ?? "").split(",").flatMap((name) => {
        if (name === "plan") return [runs.planOf(run)];
        if (name === "workspace") return [workspace];
        if (name !== "task_stages") return [];
        const data = run.relationships?.["task-stages"]?.data as readonly { id: string }[];
        return data.map((reference) => tasks.stage(reference.id));
      });
      return answer(run, { included });
    };
    const act = (action: (id: string) => void) =>
      (({ parts: [id = ""] }) => {
        action(id);
        return { status: 202 };
      }) satisfies Handler;
    const log: Handler = ({ parts: [id = ""], query }) => ({
      status: 200,
      body: runs.log(id, Number(query.get("offset") ?? 0), Number(query.get("limit") ?? 65_536)),
      type: "text/plain",
    });
    return [
      route("POST", "/workspaces/:id/configuration-versions", ({ parts: [id = ""], change }) =>
        answer(runs.createConfiguration(id, change.attributes ?? {}), { status: 201 }),
      ),
      route("GET", "/configuration-versions/:id", ({ parts: [id = ""] }) => answer(runs.configuration(id))),
      route("PUT", "/objects/configuration/:id", ({ parts: [id = ""], body }) => {
        runs.uploadConfiguration(id, body);
        return { status: 200 };
      }),
      route("POST", "/runs", ({ change }) =>
        answer(runs.create(change.attributes ?? {}, change), { status: 201 }),
      ),
      route("GET", "/runs/:id", read),
      route("GET", "/runs/:id/run-events", () => answer([])),
      route("GET", "/workspaces/:id/runs", ({ parts: [id = ""] }) => answer(runs.of(id))),
      route(
        "POST",
        "/runs/:id/actions/apply",
        act((id) => runs.confirm(id)),
      ),
      route(
        "POST",
        "/runs/:id/actions/discard",
        act((id) => runs.discard(id)),
      ),
      route(
        "POST",
        "/runs/:id/actions/cancel",
        act((id) => runs.cancel(id)),
      ),
      route("GET", "/plans/:id", ({ parts: [id = ""] }) => answer(runs.planById(id))),
      // The JSON is where the URL of an object refers to.
      route("GET", "/plans/:id/json-output", ({ parts: [id = ""] }) => {
        runs.json(id);
        return { status: 307, location: `${URL_OF_CLOUD}/objects/plan-json/${id}` };
      }),
      route("GET", "/objects/plan-json/:id", ({ parts: [id = ""] }) => ({
        status: 200,
        body: this.brokenPlans ? "no JSON" : runs.json(id),
        type: "application/json",
      })),
      route("GET", "/applies/:id", ({ parts: [id = ""] }) => answer(runs.applyById(id))),
      route("GET", "/objects/log/:id", log),
      route("GET", "/task-stages/:id", ({ parts: [id = ""] }) => {
        const stage = tasks.stage(id);
        return answer(stage, { included: tasks.resultsOf(stage) });
      }),
      route("PATCH", "/task-results/:id/callback", ({ parts: [id = ""], change }) => {
        tasks.callback(id, change);
        return { status: 200 };
      }),
    ];
  }

  /** Settings of a workspace: variables, tasks, notifications and access of teams. */
  private settingRoutes(): TerraformCloud["routes"] {
    const ofWorkspace = (path: string, collection: Collection) =>
      [
        route("GET", `/workspaces/:id/${path}`, ({ parts: [id = ""] }) =>
          answer(collection.where((one) => related(one, "workspace")?.id === id)),
        ),
        route("POST", `/workspaces/:id/${path}`, ({ parts: [id = ""], change }) => {
          const workspace = { data: { id: this.workspaces.get(id).id, type: "workspaces" } };
          const relationships = { ...change.relationships, workspace };
          return answer(collection.create({ ...change, relationships }), { status: 201 });
        }),
        route("PATCH", `/workspaces/[^/]+/${path}/:id`, ({ parts: [id = ""], change }) =>
          answer(collection.update(id, change)),
        ),
        route("DELETE", `/workspaces/[^/]+/${path}/:id`, ({ parts: [id = ""] }) => {
          collection.delete(id);
          return nothing;
        }),
      ] as const;
    return [
      ...ofWorkspace("vars", this.variables),
      ...ofWorkspace("tasks", this.tasks.attached),
      ...ofWorkspace("notification-configurations", this.notifications),
      route("PATCH", "/notification-configurations/:id", ({ parts: [id = ""], change }) =>
        answer(this.notifications.update(id, change)),
      ),
      route("GET", "/team-workspaces", ({ query }) =>
        answer(
          this.teamAccess.where(
            (one) => related(one, "workspace")?.id === query.get("filter[workspace][id]"),
          ),
        ),
      ),
      route("POST", "/team-workspaces", ({ change }) =>
        answer(this.teamAccess.create(change), { status: 201 }),
      ),
      route("PATCH", "/team-workspaces/:id", ({ parts: [id = ""], change }) =>
        answer(this.teamAccess.update(id, change)),
      ),
    ];
  }

  private envOf(workspace: JsonApiResource, phase: "plan" | "apply", folder: string): Record<string, string> {
    const variables = this.variables
      .where((one) => related(one, "workspace")?.id === workspace.id)
      .map(({ attributes }) => attributes as { key: string; value: string; category: string });
    const named = (category: string, prefix = ""): Record<string, string> =>
      Object.fromEntries(
        variables
          .filter((one) => one.category === category)
          .map(({ key, value }) => [`${prefix}${key}`, value]),
      );
    const env = named("env");
    const project = this.projects.get(related(workspace, "project")?.id ?? "");
    const identity = {
      hostname: HOSTNAME,
      organization: this.options.organization,
      project: project.attributes.name as string,
      workspace: workspace.attributes.name as string,
      phase,
    };
    return {
      ...this.env,
      ...named("terraform", "TF_VAR_"),
      ...env,
      ...dynamicCredentials(env, identity, folder),
    };
  }
}

/** https://developer.hashicorp.com/terraform/internals/remote-service-discovery */
const discovery: Answer = {
  status: 200,
  body: JSON.stringify({ "tfe.v2": "/api/v2/", "tfe.v2.1": "/api/v2/", "tfe.v2.2": "/api/v2/" }),
  type: "application/json",
};

/** A route whose path has parameters such as `:id`. */
function route(method: string, path: string, handler: Handler) {
  return [method, new RegExp(`^${path.replace(/:\w+/g, "([^/]+)")}$`), handler] as const;
}

/** Routes that list, create, read and change all resources of a type. */
function collectionRoutes(home: string, path: string, collection: Collection) {
  return [
    route("GET", home, () => answer(collection.where(() => true))),
    route("POST", home, ({ change }) => answer(collection.create(change), { status: 201 })),
    route("GET", `${path}/:id`, ({ parts: [id = ""] }) => answer(collection.get(id))),
    route("PATCH", `${path}/:id`, ({ parts: [id = ""], change }) => answer(collection.update(id, change))),
  ] as const;
}

function changeIn(request: IncomingMessage, body: Buffer): Change {
  if (!(request.headers["content-type"] ?? "").includes("json") || body.length === 0) return {};
  return (JSON.parse(body.toString()) as { data?: Change }).data ?? {};
}
