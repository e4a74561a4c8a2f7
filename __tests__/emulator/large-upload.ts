import { createHash } from "node:crypto";
import { request } from "node:http";
import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { until } from "../../packages/cli-kit/wait-until";
import { clientConfig } from "../../packages/embedded-aws/client";
import { fetchApi } from "../../cli/start/creator";
import { SAMPLE_USER } from "../../cli/start/sample-user";
import { committedSettingsOf } from "../support/synth";
import { signedIn } from "./accounts";
import { largeClip } from "./large-clip";

const SIZE = 200_000_000;
/** Index of the part whose connection is lost. */
const LOST = 7;
const CONCURRENT_PARTS = 4;

interface Begun {
  readonly media: { readonly id: string };
  readonly upload: {
    readonly partSizeBytes: number;
    readonly parts: readonly { readonly partNumber: number; readonly url: string }[];
  };
}

async function put(url: string, part: Buffer): Promise<string> {
  const answer = await fetch(url, { method: "PUT", body: new Uint8Array(part) });
  if (!answer.ok) throw new Error(`a part was answered ${answer.status}: ${await answer.text()}`);
  return answer.headers.get("etag") ?? "";
}

/** Sends half of a part, then closes the connection. */
function putHalf(url: string, part: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "PUT", headers: { "content-length": part.length } });
    sent.once("response", ({ statusCode }) => reject(new Error(`half a part was answered ${statusCode}`)));
    sent.once("error", () => resolve());
    sent.write(part.subarray(0, part.length / 2), () => sent.destroy(new Error("lost")));
  });
}

/** Uploads a source of 200 MB in parts, one of which is lost, through the whole product. */
export function largeUpload(serving: () => Promise<string>, endpoint: () => string): void {
  test("uploads 200 MB in parts, retries an interrupted one, and loses no byte", async () => {
    const { region, account } = committedSettingsOf("dev");
    const creator = await signedIn({ url: await serving(), endpoint: endpoint() }, SAMPLE_USER);
    const source = largeClip(SIZE);
    const { media, upload } = await fetchApi<Begun>(creator, {
      method: "POST",
      path: "/media",
      body: { title: "Two hundred megabytes", contentType: "video/mp4", sizeBytes: SIZE },
    });
    expect(upload.parts).toHaveLength(Math.ceil(SIZE / upload.partSizeBytes));

    const waiting = [...upload.parts];
    const parts: { partNumber: number; etag: string }[] = [];
    const send = async () => {
      for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
        const { partNumber, url } = part;
        const from = (partNumber - 1) * upload.partSizeBytes;
        const bytes = source.subarray(from, from + upload.partSizeBytes);
        if (partNumber === LOST) await putHalf(url, bytes);
        parts.push({ partNumber, etag: await put(url, bytes) });
      }
    };
    await Promise.all(Array.from({ length: CONCURRENT_PARTS }, send));
    parts.sort((one, other) => one.partNumber - other.partNumber);
    await fetchApi(creator, {
      method: "POST",
      path: `/media/${media.id}/upload/complete`,
      body: { parts },
    });

    await until("the video is ready", async () => {
      const { status, failureReason } = await fetchApi<{ status: string; failureReason?: string }>(creator, {
        method: "GET",
        path: `/me/media/${media.id}`,
      });
      if (status === "failed") throw new Error(`the video failed: ${failureReason}`);
      return status === "ready";
    });

    const s3 = new S3Client({ ...clientConfig(endpoint(), region), forcePathStyle: true });
    const where = { Bucket: `streamflow-dev-uploads-${account}`, Prefix: `uploads/${media.id}/` };
    const { Body } = await s3.send(
      new GetObjectCommand({ Bucket: where.Bucket, Key: `${where.Prefix}source` }),
    );
    const arrived = createHash("sha256");
    for await (const chunk of Body as AsyncIterable<Uint8Array>) arrived.update(chunk);
    expect(arrived.digest("hex")).toBe(createHash("sha256").update(source).digest("hex"));
    const { Versions } = await s3.send(new ListObjectVersionsCommand(where));
    expect(Versions).toHaveLength(1);
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: where.Bucket }));
    expect(Uploads.filter(({ Key = "" }) => Key.startsWith(where.Prefix))).toEqual([]);
    await fetchApi(creator, { method: "DELETE", path: `/media/${media.id}` });
  });
}
