import type { ProcessingQueue, ProcessingRequest } from "../media/ports";
import type { AwsClient } from "./aws-client";
import { sourceKey } from "./source-uploads";
import { sendMessage } from "./sqs-message";

export interface ProcessingRequestsOptions {
  /** Client of SQS. */
  readonly client: AwsClient;
  readonly queueUrl: string;
  /** Bucket of the sources. */
  readonly bucket: string;
}

/** Messages in the media queue like those of S3, for sources whose processing is asked for again. */
export class ProcessingRequests implements ProcessingQueue {
  constructor(private readonly options: ProcessingRequestsOptions) {}

  async send(request: ProcessingRequest): Promise<void> {
    const { client, queueUrl, bucket } = this.options;
    await sendMessage(client, { queueUrl, body: messageOf(request, { bucket }), trace: request.trace });
  }
}

/** A message like those of S3 about a new version of a source. */
export function messageOf(
  { id, source, sequencer }: ProcessingRequest,
  { bucket }: { readonly bucket: string },
): string {
  const object = { key: sourceKey(id), versionId: source.version, eTag: source.etag, sequencer };
  const record = { eventName: "ObjectCreated:Retry", s3: { bucket: { name: bucket }, object } };
  return JSON.stringify({ Records: [record] });
}
