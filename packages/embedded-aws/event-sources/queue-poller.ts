import type { Message } from "@aws-sdk/client-sqs";
import type { InvokeResult } from "../lambda/service";
import { failedMessages } from "./batch-response";
import { Concurrency, GROWTH_INTERVAL_MS } from "./concurrency";
import { isFull, recordOf, splitBatch, type SqsRecord } from "./sqs-event";

/** An event source mapping of a queue. */
export interface QueueMapping {
  readonly uuid: string;
  /** ARN with the alias or version. */
  readonly functionArn: string;
  readonly queueArn: string;
  /** Maximum messages per event. */
  readonly batchSize: number;
  /** Batching window in seconds. */
  readonly windowSeconds: number;
  /** Maximum concurrent events. */
  readonly maxConcurrency: number | undefined;
  /** The function reports failed messages. */
  readonly reportsFailures: boolean;
}

/** The queue, accessed with the function's role. */
export interface PolledQueue {
  receive(request: { readonly count: number; readonly waitSeconds: number }): Promise<readonly Message[]>;
  /** Deletes up to 10 messages. */
  delete(records: readonly SqsRecord[]): Promise<void>;
  /** Visibility timeout in seconds. */
  visibilityTimeout(): Promise<number>;
}

export interface PollerPorts {
  readonly queue: PolledQueue;
  readonly invoke: (event: unknown) => Promise<InvokeResult>;
  /** Receives one line per problem that prevents processing. */
  readonly onFault: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits for milliseconds, or until everything stops. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** SQS's maximum messages per receive. */
const MAX_RECEIVE_COUNT = 10;
/** Seconds of a long poll. Lambda's take 20; stopping waits for the current poll. */
const POLL_SECONDS = 2;
const FIRST_BACKOFF_MS = 1_000;

/** Polls a queue for a function like Lambda, until it is stopped. */
export class QueuePoller {
  private readonly active = new Set<Promise<void>>();
  private readonly concurrency: Concurrency;
  private readonly ended: Promise<void>;
  private stopping = false;

  constructor(
    readonly mapping: QueueMapping,
    private readonly ports: PollerPorts,
  ) {
    this.concurrency = new Concurrency(mapping.maxConcurrency);
    this.ended = this.run();
  }

  /** Stops receiving; resolves when the last poll has ended. Received messages are still processed. */
  stop(): Promise<void> {
    this.stopping = true;
    return this.ended;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      if (this.active.size >= this.concurrency.limit) {
        await this.free();
        continue;
      }
      try {
        for (const batch of splitBatch(await this.gather())) this.start(batch);
      } catch (error) {
        this.fault("can't be polled", error);
        await this.ports.pause(FIRST_BACKOFF_MS);
      }
    }
  }

  /** Waits until another batch may start. */
  private async free(): Promise<void> {
    const full = this.active.size;
    await Promise.race([...this.active, this.ports.pause(GROWTH_INTERVAL_MS)]);
    if (this.active.size >= full) this.concurrency.grow();
  }

  /** The next batch: messages until it is full or the batching window ends. */
  private async gather(): Promise<SqsRecord[]> {
    const { queue, now } = this.ports;
    const { batchSize, windowSeconds } = this.mapping;
    const records: SqsRecord[] = [];
    const receive = async (waitSeconds: number) => {
      const count = Math.min(MAX_RECEIVE_COUNT, batchSize - records.length);
      const messages = await queue.receive({ count, waitSeconds });
      records.push(...messages.map((message) => recordOf(message, this.mapping.queueArn)));
    };
    await receive(POLL_SECONDS);
    const end = now() + windowSeconds * 1_000;
    while (records.length > 0 && records.length < batchSize && !isFull(records) && !this.stopping) {
      const left = Math.ceil((end - now()) / 1_000);
      if (left <= 0) break;
      await receive(Math.min(POLL_SECONDS, left));
    }
    return records;
  }

  private start(batch: readonly SqsRecord[]): void {
    const handled = this.handle(batch)
      .catch((error: unknown) => this.fault("failed", error))
      .finally(() => this.active.delete(handled));
    this.active.add(handled);
  }

  private async handle(batch: readonly SqsRecord[]): Promise<void> {
    const result = await this.invoke(batch);
    if (result === undefined) return;
    const { reportsFailures } = this.mapping;
    if (result.error) {
      // With partial batch responses Lambda does not slow down: failures are expected.
      if (!reportsFailures) this.concurrency.backOff();
      return;
    }
    const ids = batch.map(({ messageId }) => messageId);
    const failed = reportsFailures ? failedMessages(result.payload, ids) : new Set<string>();
    const done = batch.filter(({ messageId }) => !failed.has(messageId));
    for (let at = 0; at < done.length; at += MAX_RECEIVE_COUNT) {
      await this.ports.queue.delete(done.slice(at, at + MAX_RECEIVE_COUNT));
    }
  }

  /** Invokes the function, with retries while throttled; undefined if the messages became visible again first. */
  private async invoke(Records: readonly SqsRecord[]): Promise<InvokeResult | undefined> {
    const { invoke, now, pause, queue } = this.ports;
    const received = now();
    for (let backOff = FIRST_BACKOFF_MS; ; backOff *= 2) {
      try {
        return await invoke({ Records });
      } catch (error) {
        if (!(error instanceof Error) || error.name !== "TooManyRequestsException") throw error;
        this.concurrency.backOff();
        const visible = received + (await queue.visibilityTimeout()) * 1_000;
        if (now() + backOff >= visible) return undefined;
        await pause(backOff);
        if (this.stopping) return undefined;
      }
    }
  }

  private fault(what: string, error: unknown): void {
    const { queueArn, functionArn } = this.mapping;
    this.ports.onFault(`${queueArn} for ${functionArn} ${what}: ${String(error)}`);
  }
}
