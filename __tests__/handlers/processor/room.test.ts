import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnprocessableVideoError } from "../../../handlers/processor/errors";
import { processVideo, type ProcessOptions } from "../../../handlers/processor/process-video";
import { source } from "./fakes";

const folder = mkdtempSync(join(tmpdir(), "room-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Processes a source that is said to have a size; its download fails, so that nothing follows. */
async function failureOf(sizeBytes: number): Promise<{ error: unknown; downloads: number }> {
  const download = jest.fn(() => Promise.reject(new Error("downloaded")));
  const options = { folder, sizeBytes, objects: { download }, signal: new AbortController().signal };
  const error: unknown = await processVideo(source, options as unknown as ProcessOptions).catch(
    (reason: unknown) => reason,
  );
  return { error, downloads: download.mock.calls.length };
}

const free = (): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

it("does not begin a source for which the disk has no room, says what to do, and does not blame the source", async () => {
  const sizeBytes = Math.ceil(free() * 0.75);
  const { error, downloads } = await failureOf(sizeBytes);
  expect(error).toEqual(
    expect.objectContaining({
      message: expect.stringMatching(
        new RegExp(
          `^a source of ${sizeBytes} bytes needs 2 times its size on disk, ${folder} has \\d+ bytes free: give the task a larger disk$`,
        ),
      ),
    }),
  );
  expect(error).not.toBeInstanceOf(UnprocessableVideoError);
  expect(downloads).toBe(0);
});

it("begins a source of a quarter of the free disk", async () => {
  expect(await failureOf(Math.floor(free() / 4))).toEqual({ error: new Error("downloaded"), downloads: 1 });
});
