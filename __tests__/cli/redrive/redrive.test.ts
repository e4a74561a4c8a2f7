import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SQSClient } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { createLog } from "../../../handlers/runtime/log";
import type { Letter } from "../../../cli/redrive/letters";
import { discard, keepLetters, redrive } from "../../../cli/redrive/move";
import { redrive as redriveCommand } from "../../../cli/redrive/command";
import { readLine } from "../../../cli/redrive/reasons";
import { describeLetters } from "../../../cli/redrive/run";
import { type Explained, reasonFilter, select } from "../../../cli/redrive/select";

const letter = (
  id: string,
  kind: "poison" | "attempts" = "poison",
  text = "The file is empty.",
): Explained => ({
  id,
  body: `body of ${id}`,
  receipt: `receipt of ${id}`,
  sent: new Date(0),
  receives: 3,
  attributes: {},
  trace: undefined,
  media: [`media-${id}`],
  reason: { kind, text },
});

/** A log line as the processor writes it. */
function logged(message: string, fields: object): string {
  let written = "";
  const log = createLog({
    service: "processor",
    environment: "test",
    level: "INFO",
    write: (line) => (written = line),
  });
  log.warn(message, { ...fields });
  return written;
}

describe("the reason in the log", () => {
  test("distinguishes unreadable messages from messages without attempts left", () => {
    expect(readLine(logged("failed", { messageId: "m", reason: "The file is empty." }))).toEqual({
      messageId: "m",
      reason: { kind: "poison", text: "The file is empty." },
    });
    const error = Object.assign(new Error("no bucket"), { name: "NoSuchBucket" });
    expect(readLine(logged("processing attempt failed", { messageId: "m", error }))).toEqual({
      messageId: "m",
      reason: { kind: "attempts", text: "NoSuchBucket: no bucket" },
    });
    const line = logged("an unreadable message goes to the dead-letter queue", { messageId: "m", error });
    expect(readLine(line)?.reason.kind).toBe("unreadable");
  });

  test.each(["", "no JSON", "null", "5", logged("ready", { messageId: "m" }), logged("failed", {})])(
    "is in no other line: %s",
    (line) => expect(readLine(line)).toBeUndefined(),
  );
});

describe("the selection", () => {
  const letters = [
    letter("1"),
    letter("2", "attempts", "NoSuchBucket: no streams"),
    letter("3", "poison", "The upload is incomplete (a part)."),
  ];
  const ids = (args: readonly string[]): string[] =>
    select(letters, selectionOf(args)).selected.map(({ id }) => id);
  const selectionOf = (args: readonly string[]) => {
    const { kind, reason } = redriveCommand.parse(["dev", ...args]);
    return { kind, matches: reason ?? (() => true) };
  };

  test.each<[string[], string[]]>([
    [[], ["1", "2", "3"]],
    [
      ["--kind", "poison"],
      ["1", "3"],
    ],
    [["--reason", "nosuchBUCKET"], ["2"]],
    [["--reason", "(a part)."], ["3"]],
    [
      ["--reason", "/empty|streams/"],
      ["1", "2"],
    ],
    [["--kind", "poison", "--reason", "/empty|streams/"], ["1"]],
    [["--reason", "nothing like it"], []],
  ])("%j means %j", (args, expected) => expect(ids(args)).toEqual(expected));

  test("splits the messages into two groups, and loses none", () => {
    const any = fc.array(fc.tuple(fc.string(), fc.constantFrom("poison", "attempts"), fc.string()));
    fc.assert(
      fc.property(any, fc.string({ minLength: 1 }), (list, text) => {
        fc.pre(!/^\/.+\/$/.test(text));
        const all = list.map(([id, kind, reason]) => letter(id, kind as "poison", reason));
        const { selected, others } = select(all, { kind: undefined, matches: reasonFilter(text) });
        expect(selected.every(({ reason }) => reason.text.toLowerCase().includes(text.toLowerCase()))).toBe(
          true,
        );
        expect(new Set([...selected, ...others])).toEqual(new Set(all));
      }),
    );
  });

  test.each<[string[], RegExp]>([
    [[], /missing ENVIRONMENT/],
    [["dev", "prod"], /unexpected argument "prod"/],
    [["dev", "--kind", "bad"], /--kind must be one of poison, attempts, unreadable, got "bad"/],
    [["dev", "--reason", "/(/"], /--reason \/\(\/ is not a valid regular expression/],
    [["dev", "--redrive", "--discard"], /can't be combined/],
    [["dev", "--all"], /unknown option --all: must be one of/],
  ])("refuses %j", (args, why) => expect(() => redriveCommand.parse(args)).toThrow(why));
});

/** Two queues in memory that can be made to fail. */
class Queues {
  readonly media: string[] = [];
  readonly dead: Map<string, string>;
  calls = 0;

  constructor(
    letters: readonly Letter[],
    private readonly dies: (call: number) => boolean,
    private readonly refuses: ReadonlySet<string> = new Set(),
  ) {
    this.dead = new Map(letters.map(({ receipt, body }) => [receipt, body]));
  }

  get all() {
    return { sqs: this as unknown as SQSClient, mediaQueueUrl: "media", deadLettersUrl: "dead" };
  }

  send({ input }: { input: { QueueUrl: string; Entries: Record<string, string>[] } }): Promise<object> {
    if (this.dies(this.calls++)) return Promise.reject(new Error("the process is killed"));
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const { Id, MessageBody = "", ReceiptHandle = "" } of input.Entries) {
      if (this.refuses.has(MessageBody)) {
        Failed.push({ Id, Message: "too much" });
        continue;
      }
      if (input.QueueUrl === "media") this.media.push(MessageBody);
      else this.dead.delete(ReceiptHandle);
      Successful.push({ Id });
    }
    return Promise.resolve({ Successful, Failed });
  }
}

const many = Array.from({ length: 25 }, (_, index) => letter(`${index}`));

test("a redrive that is killed anywhere leaves each message in one queue at least", async () => {
  for (let killed = 0; killed <= 6; killed++) {
    const queues = new Queues(many, (call) => call >= killed);
    await redrive(queues.all, many).catch(() => undefined);
    const somewhere = new Set([...queues.media, ...queues.dead.values()]);
    expect(somewhere.size).toBe(many.length);
  }
});

test("a message that the media queue rejects stays in the dead-letter queue, and is reported", async () => {
  const queues = new Queues(many, () => false, new Set(["body of 7"]));
  const { done, failed } = await redrive(queues.all, many);
  expect(done).toHaveLength(24);
  expect(failed).toMatchObject([{ letter: { id: "7" }, why: "too much" }]);
  expect([...queues.dead.values()]).toEqual(["body of 7"]);
});

test("discarded messages are saved to a file of the owner first, and can be sent again from there", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "redrive-")), "below", "letters.jsonl");
  keepLetters(file, many);
  const queues = new Queues(many, () => false);
  expect((await discard(queues.all, many)).done).toHaveLength(25);
  expect(queues.dead.size).toBe(0);
  expect(queues.media).toEqual([]);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).body)).toEqual(many.map(({ body }) => body));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  // Existing letters are not overwritten.
  expect(() => keepLetters(file, many)).toThrow(/EEXIST/);
});

test("messages are listed with their age, and reasons with their count", () => {
  const lines = describeLetters(
    [letter("1"), letter("2"), letter("3", "attempts", "gone")],
    new Date(90_000),
  );
  expect(lines[0]).toBe("2 × poison: The file is empty.");
  expect(lines).toContain("  90 s old, 3 receives, media media-3: attempts, gone");
});
