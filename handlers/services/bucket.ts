import { isIP } from "node:net";
import { type AwsAnswer, type AwsClient, type AwsRequest } from "./aws-client";
import { signedQuery } from "./signature";

/** A bucket accessed with signed requests. Keys may contain letters, digits, `/`, `-`, `_` and `.`. */
export class Bucket {
  constructor(
    private readonly client: AwsClient,
    readonly name: string,
  ) {}

  send({ key, ...request }: Omit<AwsRequest, "url"> & { readonly key?: string }): Promise<AwsAnswer> {
    return this.client.send({ ...request, url: this.url(key) });
  }

  /** A presigned URL for one request with these headers, valid for a number of seconds. */
  presigned(
    request: {
      readonly method: string;
      readonly key: string;
      readonly query: Readonly<Record<string, string>>;
      readonly headers?: Readonly<Record<string, string>>;
    },
    seconds: number,
  ): string {
    const { host, origin, pathname: path } = this.url(request.key);
    const bodyHash = "UNSIGNED-PAYLOAD";
    const query = { ...request.query, "X-Amz-Content-Sha256": bodyHash };
    return `${origin}${path}?${signedQuery({ ...request, host, path, query, bodyHash }, this.client.signer, seconds)}`;
  }

  /** Virtual-hosted style on S3's host names, path style for IP addresses. */
  private url(key = ""): URL {
    const url = this.client.endpoint;
    if (isIP(url.hostname.replace(/^\[|\]$/g, "")) !== 0 || /(^|\.)localhost$/.test(url.hostname)) {
      url.pathname = `/${this.name}${key === "" ? "" : `/${key}`}`;
    } else {
      url.hostname = `${this.name}.${url.hostname}`;
      url.pathname = `/${key}`;
    }
    return url;
  }
}
