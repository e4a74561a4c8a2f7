import { createHash } from "node:crypto";
import type { MediaObjects } from "../media/ports";
import type { Bucket } from "./bucket";
import type { OnRemoved } from "./removed-media";
import { elements, escapeXml, textIn } from "./xml";

export interface MediaObjectsOptions {
  readonly uploads: Bucket;
  readonly streams: Bucket;
  readonly onRemoved?: OnRemoved | undefined;
}

/** Objects of media in S3. Removed objects have a delete marker; the bucket's lifecycle deletes old versions later. */
export class S3MediaObjects implements MediaObjects {
  constructor(private readonly options: MediaObjectsOptions) {}

  async remove(id: string): Promise<void> {
    const { uploads, streams } = this.options;
    await uploads.send({ operation: "DeleteObject", method: "DELETE", key: `uploads/${id}/source` });
    // Removed objects are not listed, so the first page is always the next.
    for (let keys = await page(streams, id); keys.length > 0; keys = await page(streams, id)) {
      await removeAll(streams, keys);
    }
    await this.options.onRemoved?.(id);
  }
}

/** Up to 1000 keys, S3's maximum per deletion. */
async function page(bucket: Bucket, id: string): Promise<string[]> {
  const query = { "list-type": "2", prefix: `stream/${id}/` };
  const { text } = await bucket.send({ operation: "ListObjectsV2", method: "GET", query });
  return elements(text, "Contents").map((entry) => textIn(entry, "Key") ?? "");
}

async function removeAll(bucket: Bucket, keys: readonly string[]): Promise<void> {
  const list = keys.map((key) => `<Object><Key>${escapeXml(key)}</Key></Object>`).join("");
  const body = `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>${list}</Delete>`;
  const { text } = await bucket.send({
    operation: "DeleteObjects",
    method: "POST",
    query: { delete: "" },
    headers: {
      "content-type": "application/xml",
      // S3 requires it for this operation.
      "content-md5": createHash("md5").update(body).digest("base64"),
    },
    body,
  });
  const [error] = elements(text, "Error");
  if (error !== undefined) {
    throw new Error(`S3 did not remove ${textIn(error, "Key")}: ${textIn(error, "Code")}`);
  }
}
