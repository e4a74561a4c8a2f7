import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { DescribeImagesCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import type { AwsClientConfig } from "../client";
import { type Front, listen } from "../servers/tls-front";

/**
 * Serves the push half of a registry, which ECR has beside its API, on a loopback port: checks the digest of each layer and
 * drops it, and registers manifests in the emulator's ECR. Nothing can be pulled.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push
 */
export function startRegistry(aws: AwsClientConfig): Promise<Front> {
  const registry = new Registry(new ECRClient(aws));
  const server = createServer((request, response) => {
    registry.answer(request, response).catch((error: Error) => {
      response.writeHead(error.name === "RepositoryNotFoundException" ? 404 : 500);
      response.end(`${error.name}: ${error.message}`);
    });
  });
  return listen(server, 0);
}

interface Ask {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Name of the repository. */
  readonly repository: string;
  /** Tag, digest, or id of an upload. */
  readonly reference: string;
  readonly url: URL;
}

class Registry {
  /** Digests of the layers that were pushed. */
  private readonly blobs = new Set<string>();
  /** Digests of what was sent, by upload. */
  private readonly uploads = new Map<string, string>();

  constructor(private readonly ecr: ECRClient) {}

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://registry");
    const [, repository, kind, reference = ""] =
      /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs)\/([^/]*)$/.exec(url.pathname) ?? [];
    if (repository === undefined) return void response.writeHead(404).end();
    const ask = { request, response, repository, reference, url };
    switch (`${request.method} ${kind}`) {
      case "HEAD manifests":
        return this.findTag(ask);
      case "HEAD blobs":
        return void response.writeHead(this.blobs.has(reference) ? 200 : 404).end();
      case "POST blobs/uploads":
        return this.accept(ask, randomUUID());
      case "PATCH blobs/uploads":
        this.uploads.set(reference, `sha256:${(await digestOf(request)).digest}`);
        return this.accept(ask, reference);
      case "PUT blobs/uploads":
        return this.complete(ask);
      case "PUT manifests":
        return this.putManifest(ask);
      default:
        return void response.writeHead(405).end();
    }
  }

  private async findTag({ response, repository, reference }: Ask): Promise<void> {
    const images = await this.ecr
      .send(new DescribeImagesCommand({ repositoryName: repository, imageIds: [{ imageTag: reference }] }))
      .catch((error: Error) => {
        if (error.name === "ImageNotFoundException") return undefined;
        throw error;
      });
    const digest = images?.imageDetails?.[0]?.imageDigest;
    if (digest === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "docker-content-digest": digest }).end();
  }

  private accept({ response, repository }: Ask, upload: string): void {
    response.writeHead(202, { location: `/v2/${repository}/blobs/uploads/${upload}` }).end();
  }

  private complete({ response, reference, url }: Ask): void {
    const digest = url.searchParams.get("digest") ?? "";
    const matches = this.uploads.get(reference) === digest;
    this.uploads.delete(reference);
    if (matches) this.blobs.add(digest);
    response.writeHead(matches ? 201 : 400).end(matches ? "" : "DIGEST_INVALID");
  }

  private async putManifest({ request, response, repository, reference }: Ask): Promise<void> {
    const { bytes, digest } = await digestOf(request);
    const { config, layers } = JSON.parse(bytes.toString("utf8")) as {
      config: { digest: string };
      layers: readonly { digest: string }[];
    };
    const missing = [config, ...layers].find((blob) => !this.blobs.has(blob.digest));
    if (missing !== undefined) {
      response.writeHead(400).end(`MANIFEST_BLOB_UNKNOWN ${missing.digest}`);
      return;
    }
    await this.ecr.send(
      new PutImageCommand({
        repositoryName: repository,
        imageTag: reference,
        imageManifest: bytes.toString("utf8"),
        imageManifestMediaType: request.headers["content-type"],
      }),
    );
    response.writeHead(201, { "docker-content-digest": `sha256:${digest}` }).end();
  }
}

async function digestOf(
  request: IncomingMessage,
): Promise<{ readonly bytes: Buffer; readonly digest: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return { bytes, digest: createHash("sha256").update(bytes).digest("hex") };
}
