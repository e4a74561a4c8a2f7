import { createReadStream } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { blobFile, type Descriptor, type LayoutImage } from "./layout";

/** A repository of a registry: https://github.com/opencontainers/distribution-spec/blob/main/spec.md */
export interface Repository {
  /** URL of the registry, such as `https://111111111111.dkr.ecr.us-east-1.amazonaws.com`. */
  readonly registry: string;
  readonly name: string;
  /** Value of the header `authorization`; undefined for a registry that asks for none. */
  readonly authorization: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly digest: string | undefined;
  readonly text: string;
}

/** The digest of a tag in a repository; undefined if it has no such tag. Throws what else the registry answers. */
export async function digestOf(repository: Repository, tag: string): Promise<string | undefined> {
  const accept =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";
  const { status, digest, text } = await call(repository, {
    method: "HEAD",
    path: `manifests/${tag}`,
    headers: { accept },
  });
  if (status === 404) return undefined;
  if (status !== 200) throw refused("look for the tag", { status, text });
  return digest ?? "";
}

/** Pushes an image from its layout: the blobs that the repository lacks, then the manifest. Returns how many were pushed. */
export async function pushImage(
  repository: Repository,
  { layout, image, tag }: { readonly layout: string; readonly image: LayoutImage; readonly tag: string },
): Promise<number> {
  let pushed = 0;
  for (const blob of image.blobs) if (await pushBlob(repository, layout, blob)) pushed++;
  const { status, text } = await call(repository, {
    method: "PUT",
    path: `manifests/${tag}`,
    headers: { "content-type": image.manifest.mediaType, "content-length": image.manifest.bytes.length },
    body: image.manifest.bytes,
  });
  if (status !== 201) throw refused("take the manifest", { status, text });
  return pushed;
}

/** Returns false if the repository has the blob. */
async function pushBlob(repository: Repository, layout: string, blob: Descriptor): Promise<boolean> {
  if ((await call(repository, { method: "HEAD", path: `blobs/${blob.digest}` })).status === 200) return false;
  const begun = await call(repository, {
    method: "POST",
    path: "blobs/uploads/",
    headers: { "content-length": 0 },
  });
  if (begun.status !== 202) throw refused("begin an upload", begun);
  const sent = await call(repository, {
    method: "PATCH",
    path: begun.location ?? "",
    headers: { "content-type": "application/octet-stream", "content-length": blob.size },
    body: { file: blobFile(layout, blob) },
  });
  if (sent.status !== 202) throw refused(`take the layer ${blob.digest}`, sent);
  const end = new URL(sent.location ?? "", repository.registry);
  end.searchParams.set("digest", blob.digest);
  const ended = await call(repository, { method: "PUT", path: end.href, headers: { "content-length": 0 } });
  if (ended.status !== 201) throw refused(`take the layer ${blob.digest}`, ended);
  return true;
}

const refused = (what: string, { status, text }: Pick<Answer, "status" | "text">): Error =>
  new Error(`the registry did not ${what}: ${status} ${text.slice(0, 300)}`);

interface Call {
  readonly method: "HEAD" | "POST" | "PATCH" | "PUT";
  /** Path below the repository, or a location that the registry answered. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Buffer | { readonly file: string };
}

/** A request whose body may be a large file; fetch would need it in memory to send its length. */
function call(
  { registry, name, authorization }: Repository,
  { method, path, headers = {}, body }: Call,
): Promise<Answer> {
  const isLocation = path.startsWith("/") || path.includes("://");
  const url = new URL(isLocation ? path : `/v2/${name}/${path}`, registry);
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const signed = authorization === undefined ? {} : { authorization };
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { method, headers: { ...signed, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const { location, "docker-content-digest": digest } = response.headers;
        resolve({
          status: response.statusCode ?? 0,
          location,
          digest: typeof digest === "string" ? digest : undefined,
          text: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    outgoing.on("error", reject);
    if (body === undefined || Buffer.isBuffer(body)) outgoing.end(body);
    else createReadStream(body.file).on("error", reject).pipe(outgoing);
  });
}
