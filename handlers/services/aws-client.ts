import type { Credentials } from "../runtime/credentials";
import { Unavailable } from "../media/media";
import { tracedCall } from "../runtime/trace";
import { AwsError, isPassing } from "./aws-errors";
import { retried } from "./retry";
import { canonicalQuery, sha256, signedHeaders, type Signer } from "./signature";

export interface AwsClientOptions {
  /** As AWS calls the service in signatures and host names: `s3`, `secretsmanager`. */
  readonly service: string;
  readonly region: string;
  /** Asked anew for each call. */
  readonly credentials: () => Credentials;
  /** Another URL than AWS's own. */
  readonly endpoint?: string | undefined;
  /** Milliseconds for which a failure that may pass is tried again. */
  readonly patience?: number;
}

export interface AwsRequest {
  /** As AWS calls it: `ListParts`. */
  readonly operation: string;
  readonly method: string;
  readonly url: URL;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds that one try may take. */
  readonly timeout?: number;
}

export interface AwsAnswer {
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Calls AWS by signed requests. A client of the AWS SDK does the same for every operation there is, and weighs as much
 * as the whole function.
 */
export class AwsClient {
  constructor(private readonly options: AwsClientOptions) {}

  get signer(): Signer {
    const { service, region, credentials } = this.options;
    return { service, region, credentials: credentials() };
  }

  /** Where the service is, without a path. */
  get endpoint(): URL {
    const { service, region, endpoint } = this.options;
    return new URL(endpoint ?? `https://${service}.${region}.amazonaws.com`);
  }

  /** Rejects with an `AwsError` when AWS refuses, with `Unavailable` when it can't be reached or fails. */
  async send(request: AwsRequest): Promise<AwsAnswer> {
    const { service, region, patience = 3_000 } = this.options;
    try {
      return await tracedCall(service, { operation: request.operation, region }, () =>
        retried(() => this.once(request), { patience, mayPass, pause: 100 }),
      );
    } catch (error) {
      if (mayPass(error)) throw new Unavailable(`${service} does not answer`, { cause: error });
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
    // S3 begins to answer some calls before it knows how they end.
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
    throw new Unreachable(`${new URL(target).host} can't be reached, or is silent`, { cause: error });
  }
}

function mayPass(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof AwsError && isPassing(error));
}
