import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Settled } from "../../../cli/start/verified-run";

let folder: string;
const stack = (json: string): void => writeFileSync(join(folder, "cdk.tf.json"), json);
const settled = (): Settled => new Settled(join(folder, "settled"), [folder]);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "streamflow-settled-"));
  stack('{"resource":{"a":1}}');
});

afterEach(() => rmSync(folder, { recursive: true }));

test("is valid only for the recorded bytes", () => {
  expect(settled().known).toBe(false);
  expect(settled().holds("state 1")).toBe(false);
  settled().note("state 1");
  expect(settled().known).toBe(true);
  expect(settled().holds("state 1")).toBe(true);
  stack('{"resource":{"a":2}}');
  expect(settled().holds("state 1")).toBe(false);
});

test("does not hold for a state of which it was not noted", () => {
  settled().note("state 1");
  expect(settled().holds("state 2")).toBe(false);
  expect(settled().holds("")).toBe(false);
});

test("is invalid after it is forgotten, also when forgotten twice", () => {
  settled().note("state 1");
  settled().forget();
  settled().forget();
  expect(settled().known).toBe(false);
  expect(settled().holds("state 1")).toBe(false);
});
