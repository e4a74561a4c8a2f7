import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { GitHub } from "../../../cli/github/client";

export interface Thing {
  id: number;
  number: number;
  title?: string;
  body: string;
  state: string;
  user: { type: string };
}

/** As much of GitHub as its issues, their comments and environments, on the loopback. */
export class FakeGitHub {
  readonly comments: Thing[] = [];
  readonly issues: Thing[] = [];
  /** Environments by name. */
  readonly environments: Record<string, object> = {};
  /** Branches that environments are limited to, by the environment's name. */
  readonly branches: Record<string, string[]> = {};
  readonly requests: string[] = [];
  readonly tokens = new Set<string | undefined>();
  refuse: number | undefined;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        const { method = "", url = "" } = request;
        this.requests.push(`${method} ${url}`);
        this.tokens.add(request.headers.authorization);
        const [, name = ""] = /\/environments\/([^/]+)/.exec(url) ?? [];
        const isMissing = method === "GET" && name !== "" && !(name in this.environments);
        response.statusCode = this.refuse ?? (isMissing ? 404 : 200);
        response.end(
          JSON.stringify(this.answer(method, url, text === "" ? {} : (JSON.parse(text) as object))),
        );
      });
    });
  }

  async start(): Promise<GitHub> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const { port } = this.server.address() as AddressInfo;
    return new GitHub({ apiUrl: `http://127.0.0.1:${port}`, repository: "o/r", token: "a-token" });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** An existing comment; its author is a person by default. */
  add(things: Thing[], body: string, type = "User"): Thing {
    const id = things.length + 1;
    const thing = { id, number: id, body, state: "open", user: { type } };
    things.push(thing);
    return thing;
  }

  private answer(method: string, url: string, body: object): unknown {
    const { pathname, searchParams } = new URL(url, "http://x");
    const [, , , ...path] = pathname.split("/");
    const [, environment = "", list] =
      /\/environments\/([^/]+)(\/deployment-branch-policies)?$/.exec(pathname) ?? [];
    if (list !== undefined) return this.branchPolicies(environment, method === "POST" ? body : undefined);
    if (environment !== "") return this.environment(environment, method === "PUT" ? body : undefined);
    const things = path.includes("comments") ? this.comments : this.issues;
    if (method === "GET") {
      const [size, page] = [Number(searchParams.get("per_page")), Number(searchParams.get("page"))];
      const open = things.filter(({ state }) => state === "open");
      return open.slice((page - 1) * size, page * size);
    }
    if (method === "POST") return Object.assign(this.add(things, "", "Bot"), body);
    return Object.assign(things[Number(path.at(-1)) - 1] ?? {}, body);
  }

  private branchPolicies(environment: string, sent: { name?: string } | undefined): unknown {
    const names = (this.branches[environment] ??= []);
    if (sent?.name !== undefined) names.push(sent.name);
    return { total_count: names.length, branch_policies: names.map((name) => ({ name })) };
  }

  /** GitHub takes reviewers as a list, and shows them as a rule. */
  private environment(name: string, sent: { reviewers?: readonly object[] } | undefined): unknown {
    if (sent !== undefined) {
      const { reviewers = [], ...others } = sent;
      this.environments[name] = { ...others, protection_rules: [{ type: "required_reviewers", reviewers }] };
    }
    return this.environments[name] ?? { message: "Not Found" };
  }
}
