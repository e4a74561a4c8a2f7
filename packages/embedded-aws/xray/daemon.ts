import { createSocket, type Socket } from "node:dgram";
import { PutTraceSegmentsCommand, XRayClient } from "@aws-sdk/client-xray";
import type { AwsClientConfig } from "../client";
import type { Segment } from "../lambda/trace";
import { loopback } from "../servers/ports";

/** Milliseconds for which segments are buffered. */
const BUFFER_MS = 200;
/** X-Ray's maximum segments per call. */
const MAX_BATCH_SIZE = 25;

/** Receives segments by UDP, like Lambda's X-Ray daemon, and sends them to X-Ray. */
export class XRayDaemon {
  private readonly client: XRayClient;
  private documents: string[] = [];
  private sending: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    config: AwsClientConfig,
    private readonly socket: Socket,
  ) {
    this.client = new XRayClient(config);
    socket.on("message", (message) => this.receive(message.toString("utf8")));
    socket.unref();
  }

  static start(config: AwsClientConfig): Promise<XRayDaemon> {
    const socket = createSocket("udp4");
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(0, loopback, () => resolve(new XRayDaemon(config, socket)));
    });
  }

  /** `host:port` for AWS_XRAY_DAEMON_ADDRESS. */
  get address(): string {
    return `${loopback}:${this.socket.address().port}`;
  }

  /** Adds a service's own segment. */
  put(segment: Segment): void {
    this.add(JSON.stringify(segment));
  }

  /** Sends buffered segments. Rejected ones are lost, as on AWS. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const documents = this.documents;
    this.documents = [];
    for (let i = 0; i < documents.length; i += MAX_BATCH_SIZE) {
      const TraceSegmentDocuments = documents.slice(i, i + MAX_BATCH_SIZE);
      this.sending = this.sending
        .then(() => this.client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments })))
        .then(
          () => undefined,
          () => undefined,
        );
    }
    return this.sending;
  }

  async stop(): Promise<void> {
    this.socket.close();
    await this.flush();
  }

  /** Handles a message: a format line, then the segment. */
  private receive(message: string): void {
    const [header = "", document = ""] = message.split(/\n(.*)/s);
    if (header.includes('"format"') && document) this.add(document);
  }

  private add(document: string): void {
    this.documents.push(document);
    this.timer ??= setTimeout(() => void this.flush(), BUFFER_MS);
  }
}
