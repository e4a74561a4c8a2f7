import type { Credentials } from "../runtime/credentials";
import { Unavailable } from "../media/media";
import { tracedCall } from "../runtime/trace";
import { AwsError, isPassing } from "./aws-errors";
import { retried } from "./retry";
import { canonicalQuery, sha256, signedHeaders, type Signer } from "./signature";

export interface AwsClientOptions {
  /** Service name in signatures and host names: `s3`, `secretsmanager`. */
  readonly service: string;
  readonly region: string;
  /** Called for each request. */
  readonly credentials: () => Credentials;
  /** Alternative endpoint URL. */
  readonly endpoint?: string | undefined;
  /** Milliseconds of retries after temporary failures. */
  readonly patience?: number;
}

export interface AwsRequest {
  /** Name of the operation: `ListParts`. */
  readonly operation: string;
  readonly method: string;
  readonly url: URL;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Timeout of one attempt in milliseconds. */
  readonly timeout?: number;
}

export interface AwsAnswer {
  readonly headers: Headers;
  readonly text: string;
}

/** A client for signed AWS requests. The AWS SDK's clients would be as large as the whole function. */
export class AwsClient {
  constructor(private readonly options: AwsClientOptions) {}

  get signer(): Signer {
    const { service, region, credentials } = this.options;
    return { service, region, credentials: credentials() };
  }

  /** Endpoint URL without path. */
  get endpoint(): URL {
    const { service, region, endpoint } = this.options;
    return new URL(endpoint ?? `https://${service}.${region}.amazonaws.com`);
  }

  /**
   * Sends a request. Rejects with an `AwsError` if AWS rejects it, with `Unavailable` if AWS can't be reached or fails.
   */
  async send(request: AwsRequest): Promise<AwsAnswer> {
    const { service, region, patience = 3_000 } = this.options;
    try {
      return await tracedCall(service, { operation: request.operation, region }, () =>
        retried(() => this.once(request), { patience, mayPass, pause: 100 }),
      );
    } catch (error) {
      if (mayPass(error)) throw new Unavailable(`${service} is unavailable`, { cause: error });
      throw error;
    }
  }

  private async once(request: AwsRequest): Promise<AwsAnswer> {
    const { method, url, query = {}, headers = {}, body, timeout = 8_000 } = request;
    const signed = signedHeaders(
      { method, host: url.host, path: url.pathname, query, headers, bodyHash: sha256(body ?? "") },
      this.signer,
    );
    const search = canonicalQuery(query);
    const target = `${url.origin}${url.pathname}${search === "" ? "" : `?${search}`}`;
    const signal = AbortSignal.timeout(timeout);
    const { answer, text } = await reached(target, { method, headers: signed, body: body ?? null, signal });
    // S3 starts some responses before it knows the result.
    const late = /^(?:<\?xml[^>]*>)?\s*<Error>/.test(text);
    if (answer.ok && !late) return { headers: answer.headers, text };
    throw new AwsError(request.operation, answer.ok ? 500 : answer.status, text);
  }
}

class Unreachable extends Error {
  override readonly name = "Unreachable";
}

async function reached(target: string, init: RequestInit): Promise<{ answer: Response; text: string }> {
  try {
    const answer = await fetch(target, init);
    return { answer, text: await answer.text() };
  } catch (error) {
    throw new Unreachable(`${new URL(target).host} can't be reached or does not respond`, { cause: error });
  }
}

function mayPass(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof AwsError && isPassing(error));
}
