import type { SourceVersion } from "../../../handlers/processor/message";
import type {
  Claim,
  Followed,
  Lease,
  Log,
  Message,
  Processed,
  Progress,
  Queue,
  Statuses,
} from "../../../handlers/processor/ports";

export const id = "3f0d8f6e-5a53-4a5e-9a43-0d6c1c1f0a01";
export const source: SourceVersion = {
  id,
  bucket: "uploads",
  key: `uploads/${id}/source`,
  version: "v",
  versioned: true,
  etag: "e",
  sequencer: "0",
};
export const processed: Processed = { playbackPath: "stream/x/y/", width: 2, height: 2, durationSeconds: 1 };

export function aMessage(more: Partial<Message> = {}): Message {
  const object = { key: source.key, versionId: source.version, sequencer: "0" };
  const record = { eventName: "ObjectCreated:Put", s3: { bucket: { name: "uploads" }, object } };
  return { id: "m", receipt: "r", receives: 1, body: JSON.stringify({ Records: [record] }), ...more };
}

/** A status store that answers as the claim says, and records its calls. */
export class FakeStatuses implements Statuses {
  readonly calls: string[] = [];
  /** Whether the caller still holds the lease. */
  held = true;
  row: Followed | undefined;
  constructor(private readonly answer: Claim = { kind: "claimed" }) {}
  claim = (): Promise<Claim> => Promise.resolve(this.answer);
  renew = (): Promise<boolean> => Promise.resolve(this.held);
  confirm = (): Promise<boolean> => Promise.resolve(this.held);
  ready = (): Promise<boolean> => this.note("ready");
  failed = (_: Lease, reason: string): Promise<boolean> => this.note(`failed: ${reason}`);
  givenUp = (_: Lease, reason: string): Promise<boolean> => this.note(`given up: ${reason}`);
  release = async (): Promise<void> => void (await this.note("released"));
  failAbandoned = (): Promise<string[]> => Promise.resolve([id]);
  find = (): Promise<typeof this.row> => Promise.resolve(this.row);
  private note(call: string): Promise<boolean> {
    this.calls.push(call);
    return Promise.resolve(this.held);
  }
}

export class FakeBoard {
  readonly notes: Progress[] = [];
  write = (_: string, progress: Progress): Promise<void> => Promise.resolve(void this.notes.push(progress));
  read = (): Promise<Progress | undefined> => Promise.resolve(this.notes.at(-1));
}

export class FakeQueue implements Queue {
  readonly calls: string[] = [];
  constructor(private readonly messages: Message[] = []) {}
  receive(count: number): Promise<Message[]> {
    this.calls.push(`receive ${count}`);
    return Promise.resolve(this.messages.splice(0, count));
  }
  hide = (_: Message, seconds: number): Promise<void> =>
    Promise.resolve(void this.calls.push(`hide ${seconds}`));
  delete = (): Promise<void> => Promise.resolve(void this.calls.push("delete"));
}

export class FakeLog implements Log {
  readonly lines: string[] = [];
  info = (message: string): void => void this.lines.push(message);
  warn = (message: string): void => void this.lines.push(message);
  error = (message: string): void => void this.lines.push(message);
}
