import { appendFileSync } from "node:fs";
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { AwsClientConfig, RoleClientConfig } from "../client";

/** Milliseconds for which lines are gathered before they are sent together. */
const gather = 200;

/** Writes lines to a file at once, and to a log stream of CloudWatch Logs a moment later. */
export class LogStream {
  private readonly client: CloudWatchLogsClient;
  private lines: { timestamp: number; message: string }[] = [];
  private created = false;
  private sending: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    config: AwsClientConfig | RoleClientConfig,
    private readonly group: string,
    readonly name: string,
    private readonly file: string,
  ) {
    this.client = new CloudWatchLogsClient(config);
  }

  write(message: string): void {
    appendFileSync(this.file, `${message}\n`);
    this.lines.push({ timestamp: Date.now(), message });
    this.timer ??= setTimeout(() => void this.flush(), gather);
  }

  /** Sends what was gathered. A log group that is gone loses its lines, as on AWS; the file has them. */
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
    const stream = { logGroupName: this.group, logStreamName: this.name };
    if (!this.created) {
      this.created = true;
      await this.client.send(new CreateLogStreamCommand(stream)).catch((error: Error) => {
        if (error.name !== "ResourceAlreadyExistsException") throw error;
      });
    }
    await this.client.send(new PutLogEventsCommand({ ...stream, logEvents }));
  }
}
