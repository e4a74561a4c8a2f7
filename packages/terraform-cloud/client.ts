import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvHttpProxyAgent, request } from "undici";

/** A resource of the JSON:API format. */
export interface ApiResource {
  readonly id: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, { readonly data?: unknown }>>;
}

/** A resource to create or change. */
export interface ApiChange {
  readonly type: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, { readonly data: unknown }>>;
}

export interface ClientOptions {
  readonly hostname: string;
  readonly token: string;
}

/** An answer of the API that is no success. */
export class TerraformCloudError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

interface Page {
  readonly data: readonly ApiResource[];
  readonly meta?: { readonly pagination?: { readonly "next-page": number | null } };
}

const MAX_TRIES = 5;
const RETRIED = [429, 502, 503, 504];
const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_WAIT_MS = 10_000;

/**
 * Terraform Cloud's API, by a proxy in `HTTPS_PROXY` and with the certificates in `SSL_CERT_FILE`, as for Terraform. Answers of 429 and of a server that is not available are tried again.
 * https://developer.hashicorp.com/terraform/cloud-docs/api-docs
 */
export class TerraformCloudClient {
  private readonly dispatcher = new EnvHttpProxyAgent(trusted(process.env.SSL_CERT_FILE));

  constructor(private readonly options: ClientOptions) {}

  get hostname(): string {
    return this.options.hostname;
  }

  /** A resource; undefined if it does not exist, or if the token may not read it. */
  async find(path: string): Promise<ApiResource | undefined> {
    try {
      return await this.data("GET", path);
    } catch (error) {
      if (error instanceof TerraformCloudError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** All resources of a list. */
  async list(path: string): Promise<ApiResource[]> {
    const all: ApiResource[] = [];
    let page: number | null | undefined = 1;
    while (page !== null && page !== undefined) {
      const separator = path.includes("?") ? "&" : "?";
      const text = await this.send("GET", `${path}${separator}page%5Bnumber%5D=${page}&page%5Bsize%5D=100`);
      const { data, meta } = JSON.parse(text) as Page;
      all.push(...data);
      page = meta?.pagination?.["next-page"];
    }
    return all;
  }

  create(path: string, change: ApiChange): Promise<ApiResource> {
    return this.data("POST", path, change);
  }

  update(path: string, change: ApiChange): Promise<ApiResource> {
    return this.data("PATCH", path, change);
  }

  /** Adds several resources to a relationship. */
  async add(path: string, changes: readonly ApiChange[]): Promise<void> {
    await this.send("POST", path, { data: changes });
  }

  /** Runs an action such as `lock`. */
  async act(path: string): Promise<void> {
    await this.send("POST", path, {});
  }

  /** Content at a URL that an answer named, or at the URL without a token that it refers to. */
  async download(url: string): Promise<string> {
    return this.send("GET", url);
  }

  /** Sends an answer to a URL that expects one, such as the callback of a run task. */
  async patch(url: string, change: object): Promise<void> {
    await this.send("PATCH", url, { data: change });
  }

  async close(): Promise<void> {
    await this.dispatcher.close();
  }

  private async data(
    method: "GET" | "POST" | "PATCH",
    path: string,
    change?: ApiChange,
  ): Promise<ApiResource> {
    const text = await this.send(method, path, change && { data: change });
    return (JSON.parse(text) as { readonly data: ApiResource }).data;
  }

  private async send(method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<string> {
    const { hostname, token } = this.options;
    let url = path.startsWith("https://") ? path : `https://${hostname}/api/v2${path}`;
    // Content is at URLs that need no token, and must not get it.
    let authorization: { authorization?: string } = { authorization: `Bearer ${token}` };
    for (let tries = 1; ; tries += 1) {
      const response = await request(url, {
        method,
        dispatcher: this.dispatcher,
        headers: { ...authorization, "content-type": "application/vnd.api+json" },
        body: body === undefined ? null : JSON.stringify(body),
      }).catch((error: unknown) => {
        throw new TerraformCloudError(0, `${hostname} can't be reached: ${causeOf(error)}`);
      });
      const text = await response.body.text();
      const { statusCode: status, headers } = response;
      if (status < 300) return text;
      const { location } = headers;
      if (
        method === "GET" &&
        REDIRECTS.includes(status) &&
        typeof location === "string" &&
        tries < MAX_TRIES
      ) {
        url = redirectTarget(location, url);
        authorization = {};
        continue;
      }
      if (!RETRIED.includes(status) || tries === MAX_TRIES)
        throw new TerraformCloudError(status, `${hostname}: ${method} ${path}: ${status} ${reasonIn(text)}`);
      await sleep(waitMs(headers["x-ratelimit-reset"], tries));
    }
  }
}

/** Certificates of a file in place of Node.js's own, as Terraform trusts them. */
function trusted(file: string | undefined): EnvHttpProxyAgent.Options {
  if (file === undefined || file === "") return {};
  const tls = { ca: readFileSync(file) };
  return { connect: tls, requestTls: tls };
}

/** The URL of a redirect. Throws unless it is encrypted. */
function redirectTarget(location: string, from: string): string {
  const { href, protocol, hostname } = new URL(location, from);
  if (protocol === "https:") return href;
  throw new TerraformCloudError(0, `${from} refers to ${protocol}//${hostname}: only https is followed`);
}

/** Seconds of the header, or a time that grows with each try. */
function waitMs(header: string | string[] | undefined, tries: number): number {
  const seconds = Number(Array.isArray(header) ? header[0] : header);
  return Math.min(MAX_WAIT_MS, Number.isFinite(seconds) ? seconds * 1_000 : 2 ** tries * 250);
}

function reasonIn(text: string): string {
  try {
    const { errors = [] } = JSON.parse(text) as { errors?: readonly { title?: string; detail?: string }[] };
    return errors.map(({ title, detail }) => detail ?? title).join(", ");
  } catch {
    return "";
  }
}

function causeOf(error: unknown): string {
  const { message, code } = error as Error & { code?: string };
  return message === "" ? String(code) : message;
}
