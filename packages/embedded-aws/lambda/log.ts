import { appendFileSync } from "node:fs";
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { AwsClientConfig, RoleClientConfig } from "../client";

const SEND_DELAY_MS = 200;

export interface LogStreamOptions {
  /** Name of an existing log group. */
  readonly group: string;
  /** Name of the stream, created with its first lines. */
  readonly name: string;
  /** Local file that also gets every line. */
  readonly file: string;
}

/** Writes lines to a file immediately, and to a CloudWatch log stream in batches. */
export class LogStream {
  private readonly client: CloudWatchLogsClient;
  private lines: { timestamp: number; message: string }[] = [];
  private created = false;
  private sending: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    config: AwsClientConfig | RoleClientConfig,
    private readonly options: LogStreamOptions,
  ) {
    this.client = new CloudWatchLogsClient(config);
  }

  get name(): string {
    return this.options.name;
  }

  write(message: string): void {
    appendFileSync(this.options.file, `${message}\n`);
    this.lines.push({ timestamp: Date.now(), message });
    this.timer ??= setTimeout(() => void this.flush(), SEND_DELAY_MS);
  }

  /** Sends buffered lines. If the log group is deleted they are lost, as on AWS, but are in the file. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const logEvents = this.lines;
    this.lines = [];
    this.sending = this.sending.then(() => this.send(logEvents)).catch(() => undefined);
    return this.sending;
  }

  private async send(logEvents: { timestamp: number; message: string }[]): Promise<void> {
    if (logEvents.length === 0) return;
    const stream = { logGroupName: this.options.group, logStreamName: this.name };
    if (!this.created) {
      this.created = true;
      await this.client.send(new CreateLogStreamCommand(stream)).catch((error: Error) => {
        if (error.name !== "ResourceAlreadyExistsException") throw error;
      });
    }
    await this.client.send(new PutLogEventsCommand({ ...stream, logEvents }));
  }
}
