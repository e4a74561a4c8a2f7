import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeWhole } from "../../../packages/cli-kit/write-whole";

const temporaryFolder = () => mkdtempSync(join(tmpdir(), "write-whole-"));

test("who has opened a file reads on in what was there before, and never a part of what is written", () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "before");
  const opened = openSync(file, "r");
  writeWhole(file, "after");
  expect(readFileSync(opened, "utf8")).toBe("before");
  closeSync(opened);
  expect(readFileSync(file, "utf8")).toBe("after");
});

test("a file has the mode that is asked for, and nothing else is left beside it", () => {
  const folder = temporaryFolder();
  writeWhole(join(folder, "key"), new Uint8Array([1, 2]), { mode: 0o600 });
  expect(statSync(join(folder, "key")).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["key"]);
});

test("fails without leaving anything where it can't write", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "taken"));
  expect(() => writeWhole(join(folder, "taken"), "x")).toThrow(/taken/);
  expect(readdirSync(folder)).toEqual(["taken"]);
});
