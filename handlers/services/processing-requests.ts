import type { ProcessingQueue, ProcessingRequest } from "../media/ports";
import type { AwsClient } from "./aws-client";
import { sourceKey } from "./source-uploads";

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
    const { trace } = request;
    const traceHeader =
      trace === undefined ? {} : { AWSTraceHeader: { DataType: "String", StringValue: trace } };
    await client.send({
      operation: "SendMessage",
      method: "POST",
      url: client.endpoint,
      headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessage" },
      body: JSON.stringify({
        QueueUrl: queueUrl,
        MessageBody: messageOf(request, { bucket }),
        MessageSystemAttributes: traceHeader,
      }),
    });
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
