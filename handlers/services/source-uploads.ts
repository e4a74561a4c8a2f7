import type { Part, PartSize, PartUrl, StoredPart, StoredSource, Upload, Uploads } from "../media/ports";
import { statusOf } from "./aws-errors";
import type { Bucket } from "./bucket";
import { elements, escapeXml, textIn } from "./xml";

const S3_XML_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
/** Timeout of S3's completion in milliseconds, before the caller must retry. */
const COMPLETE_TIMEOUT_MS = 20_000;

/** Multipart uploads of sources to S3: `uploads/<id>/source`. */
export class SourceUploads implements Uploads {
  constructor(private readonly bucket: Bucket) {}

  async begin(
    id: string,
    { contentType, trace }: { contentType: string; trace?: string | undefined },
  ): Promise<string> {
    const headers: Record<string, string> = { "content-type": contentType };
    if (trace !== undefined) headers["x-amz-meta-trace"] = trace;
    const { text } = await this.bucket.send({
      operation: "CreateMultipartUpload",
      method: "POST",
      key: sourceKey(id),
      query: { uploads: "" },
      headers,
    });
    const uploadId = textIn(text, "UploadId");
    if (uploadId === undefined) throw new Error("S3 began an upload without an UploadId");
    return uploadId;
  }

  urls({ id, uploadId }: Upload, parts: readonly PartSize[], seconds: number): PartUrl[] {
    return parts.map(({ partNumber, sizeBytes }) => ({
      partNumber,
      url: this.bucket.presigned(
        {
          method: "PUT",
          key: sourceKey(id),
          query: { partNumber: String(partNumber), uploadId },
          // S3 rejects a part of another length.
          headers: { "content-length": String(sizeBytes) },
        },
        seconds,
      ),
    }));
  }

  async parts({ id, uploadId }: Upload): Promise<StoredPart[] | undefined> {
    const query = { uploadId, "max-parts": "1000" };
    const answer = await found(
      this.bucket.send({ operation: "ListParts", method: "GET", key: sourceKey(id), query }),
    );
    return answer && elements(answer.text, "Part").map(toPart);
  }

  async complete({ id, uploadId }: Upload, parts: readonly Part[]): Promise<"done" | "gone" | "changed"> {
    const list = parts.map(
      ({ partNumber, etag }) =>
        `<Part><PartNumber>${partNumber}</PartNumber><ETag>${escapeXml(`"${etag}"`)}</ETag></Part>`,
    );
    try {
      await this.bucket.send({
        operation: "CompleteMultipartUpload",
        method: "POST",
        key: sourceKey(id),
        query: { uploadId },
        headers: { "content-type": "application/xml" },
        body: `<CompleteMultipartUpload xmlns="${S3_XML_NAMESPACE}">${list.join("")}</CompleteMultipartUpload>`,
        timeout: COMPLETE_TIMEOUT_MS,
      });
      return "done";
    } catch (error) {
      if (statusOf(error) === 404) return "gone";
      if (
        /^(?:InvalidPart|InvalidPartOrder|EntityTooSmall)$/.test(error instanceof Error ? error.name : "")
      ) {
        return "changed";
      }
      throw error;
    }
  }

  async abort({ id, uploadId }: Upload): Promise<void> {
    await found(
      this.bucket.send({
        operation: "AbortMultipartUpload",
        method: "DELETE",
        key: sourceKey(id),
        query: { uploadId },
      }),
    );
  }

  async source(id: string): Promise<StoredSource | undefined> {
    // Without permission to list, S3 answers 403 for missing objects.
    const answer = await found(
      this.bucket.send({ operation: "HeadObject", method: "HEAD", key: sourceKey(id) }),
      [403, 404],
    );
    return (
      answer && {
        sizeBytes: Number(answer.headers.get("content-length")),
        version: answer.headers.get("x-amz-version-id") ?? undefined,
        etag: (answer.headers.get("etag") ?? "").replaceAll('"', ""),
      }
    );
  }
}

/** Key of a media's source in the uploads bucket. */
export function sourceKey(id: string): string {
  return `uploads/${id}/source`;
}

function toPart(xml: string): StoredPart {
  return {
    partNumber: Number(textIn(xml, "PartNumber")),
    etag: (textIn(xml, "ETag") ?? "").replaceAll('"', ""),
    sizeBytes: Number(textIn(xml, "Size")),
  };
}

/** The result, or undefined for missing objects. */
async function found<Answer>(
  answer: Promise<Answer>,
  statuses: readonly number[] = [404],
): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (statuses.includes(statusOf(error) ?? 0)) return undefined;
    throw error;
  }
}
