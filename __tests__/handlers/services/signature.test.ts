import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import * as s3 from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { S3RequestPresigner } from "@aws-sdk/s3-request-presigner";
import { AwsClient } from "../../../handlers/services/aws-client";
import { Bucket } from "../../../handlers/services/bucket";
import { signedHeaders } from "../../../handlers/services/signature";
import { SourceUploads } from "../../../handlers/services/source-uploads";

const id = "3f0d8f6e-5a53-4a5e-9a43-0d6c1c1f0a01";
const region = "sa-east-1";
const [Bucket_, Key] = ["streamflow-dev-uploads-111111111111", `uploads/${id}/source`];
const lasting = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const passing = { ...lasting, sessionToken: "FwoGZXIvYXdzE+/=abc//" };

beforeEach(() => {
  jest.useFakeTimers({ now: new Date("2026-11-23T21:20:29.987Z"), doNotFake: ["nextTick", "setImmediate"] });
});
afterEach(() => {
  jest.useRealTimers();
});

interface Sent {
  readonly method: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
}

/** The request that an SDK client would send. */
function caught() {
  const sent: Sent[] = [];
  const requestHandler = {
    handle: (request: Sent) => {
      sent.push(request);
      return Promise.reject(Object.assign(new Error("caught"), { $retryable: undefined }));
    },
  } as unknown as NonNullable<S3ClientConfig["requestHandler"]>;
  return { sent, requestHandler };
}

const uploadId = "VXBsb2FkIElE/+=~.x";
const at = { Bucket: Bucket_, Key };

describe("signs in headers as the SDK does:", () => {
  it.each([
    [
      "CreateMultipartUpload",
      new s3.CreateMultipartUploadCommand({
        ...at,
        ContentType: "video/mp4",
        Metadata: { trace: "Root=1-2;Parent=3" },
      }),
    ],
    ["ListParts", new s3.ListPartsCommand({ ...at, UploadId: uploadId, MaxParts: 1_000 })],
    [
      "CompleteMultipartUpload",
      new s3.CompleteMultipartUploadCommand({
        ...at,
        UploadId: uploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"a"' }] },
      }),
    ],
    ["AbortMultipartUpload", new s3.AbortMultipartUploadCommand({ ...at, UploadId: uploadId })],
    ["HeadObject", new s3.HeadObjectCommand(at)],
    ["DeleteObject", new s3.DeleteObjectCommand(at)],
    ["ListObjectsV2", new s3.ListObjectsV2Command({ Bucket: Bucket_, Prefix: "stream/a b+c/é*'()" })],
    ["DeleteObjects", new s3.DeleteObjectsCommand({ Bucket: Bucket_, Delete: { Objects: [{ Key }] } })],
  ])("%s", async (_, command) => {
    for (const credentials of [lasting, passing]) {
      const { sent, requestHandler } = caught();
      const client = new S3Client({ region, credentials, requestHandler, maxAttempts: 1 });
      await expect(client.send(command as s3.ListPartsCommand)).rejects.toThrow("caught");
      expectSame(sent, "s3", credentials);
    }
  });

  it("GetSecretValue", async () => {
    const { sent, requestHandler } = caught();
    const client = new SecretsManagerClient({ region, credentials: passing, requestHandler, maxAttempts: 1 });
    await expect(client.send(new GetSecretValueCommand({ SecretId: "keys" }))).rejects.toThrow("caught");
    expectSame(sent, "secretsmanager", passing);
  });

  function expectSame(sent: readonly Sent[], service: string, credentials: typeof lasting): void {
    const [request] = sent;
    if (!request) throw new Error("nothing was sent");
    const { authorization = "", "x-amz-content-sha256": bodyHash = "" } = request.headers;
    const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(";") ?? [];
    const ours = /^(host|x-amz-content-sha256|x-amz-date|x-amz-security-token)$/;
    const headers = Object.fromEntries(
      names.filter((name) => !ours.test(name)).map((name) => [name, String(request.headers[name])]),
    );
    const { method, hostname: host, path, query } = request;
    const signed = signedHeaders(
      { method, host, path, query, headers, bodyHash },
      { service, region, credentials },
    );
    expect(names).toContain("host");
    expect(signed.authorization).toBe(authorization);
    for (const name of names) if (name !== "host") expect(signed[name]).toBe(request.headers[name]);
  }
});

describe("the URL of a part", () => {
  const parameters = (url: string) => Object.fromEntries(new URL(url).searchParams);

  function ours(credentials: typeof lasting, endpoint?: string): string {
    const client = new AwsClient({ service: "s3", region, credentials: () => credentials, endpoint });
    const uploads = new SourceUploads(new Bucket(client, Bucket_));
    const [part] = uploads.urls({ id, uploadId }, [{ partNumber: 7, sizeBytes: 8_388_608 }], 3_600);
    return part?.url ?? "";
  }

  it.each([
    ["lasting credentials", lasting, undefined, `${Bucket_}.s3.${region}.amazonaws.com`, `/${Key}`],
    ["a session token", passing, undefined, `${Bucket_}.s3.${region}.amazonaws.com`, `/${Key}`],
    ["an endpoint of its own", passing, "http://127.0.0.1:5000", "127.0.0.1:5000", `/${Bucket_}/${Key}`],
    ["an endpoint at this machine", lasting, "http://localhost:5000", "localhost:5000", `/${Bucket_}/${Key}`],
    ["an endpoint by a name", lasting, "https://s3.example", `${Bucket_}.s3.example`, `/${Key}`],
  ])("is the one that AWS's presigner makes, with %s", async (_, credentials, endpoint, host, path) => {
    const url = ours(credentials, endpoint);
    expect(new URL(url)).toMatchObject({ host, pathname: path });
    const presigner = new S3RequestPresigner({
      region,
      credentials,
      service: "s3",
      sha256: s3Hash(),
      uriEscapePath: false,
    });
    const { protocol } = new URL(url);
    const request = {
      method: "PUT",
      protocol,
      hostname: host.split(":")[0] ?? "",
      ...(host.includes(":") ? { port: Number(host.split(":")[1]) } : {}),
      path,
      query: { partNumber: "7", uploadId },
      headers: { host, "content-length": "8388608" },
    };
    const signed = (await presigner.presign(request, {
      expiresIn: 3_600,
      signableHeaders: new Set(["host", "content-length"]),
      unhoistableHeaders: new Set(["content-length"]),
    })) as unknown as { query: Record<string, string> };
    expect(parameters(url)).toEqual(signed.query);
    expect(parameters(url)["X-Amz-SignedHeaders"]).toBe("content-length;host");
  });

  it("contains no secret", () => {
    expect(ours(passing)).not.toContain(passing.secretAccessKey);
  });
});

/** The hash that the SDK's own S3 client uses. */
function s3Hash() {
  return new S3Client({ region }).config.sha256;
}
