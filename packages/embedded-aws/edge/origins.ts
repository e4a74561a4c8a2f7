import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { GetBucketPolicyCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { parsePolicy } from "@packages/iam/document";
import { evaluate } from "@packages/iam/evaluate";
import type { AwsClientConfig } from "../client";
import type { Behavior, EdgeDistribution, EdgeOrigin } from "./distribution";
import { forThisMachine } from "./stand-in";

/** Local servers of origins' domain names. */
export interface LocalOrigins {
  /** URL of API Gateway: `http://127.0.0.1:<port>`. */
  readonly api: string;
  /** Ports of the tasks behind the load balancer. */
  readonly tasks: () => readonly number[];
}

type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  /** What the behaviour of the path forwards, and which headers it replaces. */
  readonly behavior: Pick<Behavior, "overrides" | "forwardsCookies">;
};

export interface S3Object {
  readonly bucket: string;
  readonly key: string;
}

/**
 * Forwards a request to the local server of an origin's domain name: a bucket, API Gateway, the load balancer, or
 * Amplify.
 */
export class Origins {
  private readonly s3: S3Client;
  private turn = 0;

  constructor(
    private readonly config: AwsClientConfig,
    readonly distribution: EdgeDistribution,
    private readonly local: LocalOrigins,
  ) {
    this.s3 = new S3Client({ ...config, forcePathStyle: true });
  }

  async answer(origin: EdgeOrigin, exchange: Exchange): Promise<void> {
    const { domainName } = origin;
    const bucket = /^([^.]+)\.s3\./.exec(domainName)?.[1];
    if (bucket !== undefined) return this.object(bucket, origin, exchange);
    if (/\.execute-api\./.test(domainName)) return proxy(this.local.api, origin, exchange);
    if (/\.elb\.|^origin\./.test(domainName)) {
      const ports = this.local.tasks();
      const port = ports[this.turn++ % ports.length];
      if (port === undefined) return plain(exchange, 503, "no processor task is running");
      return proxy(`http://127.0.0.1:${port}`, { ...origin, behindBalancer: true }, exchange);
    }
    if (/\.amplifyapp\.com$/.test(domainName))
      return proxy(`${this.config.endpoint}/moto-api/overlay/amplify/pages/${domainName}`, origin, exchange);
    return plain(exchange, 502, `no local server for ${domainName}`);
  }

  /** Reads an object like CloudFront: with the bucket's policy, without credentials. */
  private async object(bucket: string, { signed, path }: EdgeOrigin, exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    const key = decoded(`${path}${exchange.path}`.slice(1));
    if (key === undefined) return plain(exchange, 400, "the path has a malformed escape");
    if (!signed || !(await this.mayRead({ bucket, key }))) {
      return plain(exchange, 403, "the bucket's policy does not allow this distribution to read it");
    }
    const { range } = request.headers;
    try {
      const found = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: range }));
      const sent = await found.Body?.transformToByteArray();
      const bytes =
        found.ContentType === "application/json" && sent !== undefined
          ? Buffer.from(forThisMachine(Buffer.from(sent).toString("utf8"), this.config))
          : sent;
      const headers = {
        "accept-ranges": "bytes",
        "content-length": bytes?.length ?? 0,
        "content-type": found.ContentType ?? "application/octet-stream",
        "cache-control": found.CacheControl,
        "content-disposition": found.ContentDisposition,
        "content-range": found.ContentRange,
        etag: found.ETag,
      };
      response.writeHead(found.ContentRange === undefined ? 200 : 206, left(headers, exchange));
      response.end(request.method === "HEAD" ? undefined : bytes);
    } catch (error) {
      const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
      // Without permission to list, S3 does not reveal whether an object exists.
      const status = name === "NoSuchKey" ? 403 : ($metadata?.httpStatusCode ?? 502);
      plain(exchange, status, name);
    }
  }

  private async mayRead(object: S3Object): Promise<boolean> {
    const { Policy } = await this.s3.send(new GetBucketPolicyCommand({ Bucket: object.bucket }));
    return Policy !== undefined && allowsRead(Policy, this.distribution, object);
  }
}

/**
 * Whether a bucket's policy allows a distribution with origin access control to read an object.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
 */
export function allowsRead(
  policy: string,
  { arn }: Pick<EdgeDistribution, "arn">,
  { bucket, key }: S3Object,
): boolean {
  const request = {
    action: "s3:GetObject",
    resource: `arn:aws:s3:::${bucket}/${key}`,
    principal: "Service:cloudfront.amazonaws.com",
    context: {
      "aws:SourceArn": arn,
      "aws:SourceAccount": arn.split(":")[4] ?? "",
      "aws:PrincipalIsAWSService": "true",
      "aws:PrincipalServiceName": "cloudfront.amazonaws.com",
      "aws:SecureTransport": "true",
    },
  } as const;
  return evaluate(request, { resourcePolicy: parsePolicy(bucket, policy) }).result === "allowed";
}

/**
 * The origin's headers that the distribution neither replaces nor removes: without the cookies of viewers, it removes those
 * that answers set. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Cookies.html
 */
function left<Headers extends object>(
  headers: Headers,
  { behavior: { overrides, forwardsCookies } }: Exchange,
): Partial<Headers> {
  const removed = forwardsCookies ? [] : ["set-cookie"];
  const kept = Object.entries(headers).filter(
    ([name, value]) => value !== undefined && !overrides.includes(name) && !removed.includes(name),
  );
  return Object.fromEntries(kept) as Partial<Headers>;
}

/**
 * Headers of a viewer that CloudFront does not forward to a server: it supports no conditional requests if it forwards
 * cookies. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Cookies.html
 */
const notForwarded = ({ behavior }: Exchange): readonly string[] =>
  behavior.forwardsCookies ? ["if-none-match", "if-modified-since"] : ["cookie"];

/** Address from which this edge connects. */
const EDGE_ADDRESS = "127.0.0.1";

interface ProxiedOrigin extends EdgeOrigin {
  /** Whether a load balancer is between, which appends the edge's address to `X-Forwarded-For`. */
  readonly behindBalancer?: boolean;
}

function proxy(
  base: string,
  { path, headers, behindBalancer = false }: ProxiedOrigin,
  exchange: Exchange,
): Promise<void> {
  const { request, response } = exchange;
  return new Promise((resolve) => {
    const sent = { ...request.headers };
    // The origin gets its own Host header; hop-by-hop headers are not forwarded.
    delete sent.host;
    delete sent.connection;
    for (const name of notForwarded(exchange)) delete sent[name];
    const hops = [request.socket.remoteAddress ?? EDGE_ADDRESS, ...(behindBalancer ? [EDGE_ADDRESS] : [])];
    const before = sent["x-forwarded-for"];
    const forwardedFor = before === undefined ? hops : [String(before), ...hops];
    const { hostname, port, pathname } = new URL(base);
    const onward = httpRequest({
      host: hostname,
      port,
      // As it was sent: CloudFront matches behaviours with a path without dots, but sends the raw one to the origin.
      // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
      path: `${pathname.replace(/\/$/, "")}${path}${request.url ?? "/"}`,
      method: request.method,
      headers: {
        ...sent,
        ...headers,
        "x-forwarded-for": forwardedFor.join(", "),
      },
    });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, left(answer.headers, exchange));
      answer.pipe(response);
      answer.on("end", resolve);
    });
    onward.on("error", () => {
      if (!response.headersSent) response.writeHead(502);
      response.end();
      resolve();
    });
    // If the viewer disconnects, end the origin's request, which may last hours.
    response.on("close", () => {
      onward.destroy();
      resolve();
    });
    request.pipe(onward);
  });
}

/** A path without escapes; undefined if one is malformed. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function plain({ request, response }: Exchange, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(request.method === "HEAD" ? undefined : `${text}\n`);
}
