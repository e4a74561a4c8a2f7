import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, createWriteStream, mkdtempSync, rmSync, type WriteStream, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { UnprocessableVideoError } from "../../../handlers/processor/errors";
import { Ffmpeg } from "../../../handlers/services/ffmpeg";

const STALLED_MS = 120_000;

let folder: string;
let output: WriteStream;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ffmpeg-"));
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask"] });
});
afterEach(() => {
  jest.useRealTimers();
  output?.destroy();
  rmSync(folder, { recursive: true });
});

/** A run of a program that writes what `say` gives it, and ends with `end`. */
function running() {
  const fifo = join(folder, "output");
  execFileSync("mkfifo", [fifo]);
  const program = join(folder, "ffmpeg");
  writeFileSync(program, `#!/bin/sh\nexec cat '${fifo}'\n`);
  chmodSync(program, 0o755);
  const heard = new Readable({ objectMode: true, read: () => undefined });
  const ffmpeg = new Ffmpeg({ environment: { PATH: `${folder}:${process.env.PATH}` } });
  const done = ffmpeg.run([], {
    folder,
    signal: new AbortController().signal,
    onLine: (line) => heard.push(line),
  });
  const ended = done.then(
    () => "ended",
    (error: unknown) => error,
  );
  void ended.then(() => heard.push(null));
  output = createWriteStream(fifo);
  // It was ended, and reads no more.
  output.on("error", () => undefined);
  const lines = heard[Symbol.asyncIterator]();
  /** Resolves when the lines were heard. */
  const say = async (...said: string[]): Promise<void> => {
    for (const line of said) {
      output.write(`${line}\n`);
      expect((await lines.next()).value).toBe(line);
    }
  };
  const end = async (): Promise<unknown> => {
    output.end();
    await once(output, "close");
    return ended;
  };
  return { say, end };
}

const almost = (): void => void jest.advanceTimersByTime(STALLED_MS - 1);

it("goes on while only its sound grows, however long that takes", async () => {
  const { say, end } = running();
  for (let microseconds = 1; microseconds <= 20; microseconds++) {
    await say("frame=7", "fps=0.0", `out_time_us=${microseconds}`, "speed=0x", "progress=continue");
    almost();
  }
  expect(await end()).toBe("ended");
});

it("goes on while it says other things than its progress, such as packets", async () => {
  const { say, end } = running();
  for (let packet = 1; packet <= 20; packet++) {
    await say("0,7");
    almost();
  }
  expect(await end()).toBe("ended");
});

it("is ended when it reports and makes nothing, which is not the file's fault", async () => {
  const { say, end } = running();
  const nothing = ["frame=7", "out_time_us=7", "total_size=7", "speed=1x", "progress=continue"];
  await say(...nothing);
  almost();
  await say(...nothing.map((line) => line.replace("1x", "0.9x")));
  jest.advanceTimersByTime(1);
  const failure = await end();
  expect(failure).toEqual(new Error(`ffmpeg made no progress in ${STALLED_MS} ms`));
  expect(failure).not.toBeInstanceOf(UnprocessableVideoError);
});

it("is ended when it is silent", async () => {
  const { say, end } = running();
  await say("frame=1");
  jest.advanceTimersByTime(STALLED_MS);
  expect(await end()).toEqual(new Error(`ffmpeg made no progress in ${STALLED_MS} ms`));
});
