import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runFunctions } from "../../../cli/start/functions";
import { startParts, stopAll } from "../../../cli/start/stops";
import { clientConfig } from "../../../packages/embedded-aws/client";
import { DataPlane } from "../../../packages/embedded-aws/data-plane/data-plane";
import { LambdaService } from "../../../packages/embedded-aws/lambda/service";
import { certificateAuthority } from "../../../packages/embedded-aws/servers/certificates";
import { freePort } from "../../../packages/embedded-aws/servers/ports";
import { XRayDaemon } from "../../../packages/embedded-aws/xray/daemon";

let stopped: string[];
beforeEach(() => (stopped = []));

const part = (name: string) => () => {
  stopped.push(name);
  return Promise.resolve();
};
const stuck = (name: string) => async () => {
  await part(name)();
  throw new Error(`${name} does not stop`);
};

test("all parts are stopped although some do not stop, and the first failure is thrown", async () => {
  await expect(stopAll([stuck("a"), part("b"), stuck("c"), part("d")])).rejects.toThrow("a does not stop");
  expect(stopped).toEqual(["a", "b", "c", "d"]);
});

test("what was started before a failure is stopped, last first, and the failure is thrown", async () => {
  const starting = startParts((stops) => {
    stops.unshift(part("a"));
    stops.unshift(stuck("b"));
    return Promise.reject(new Error("c does not start"));
  });
  await expect(starting).rejects.toThrow("c does not start");
  expect(stopped).toEqual(["b", "a"]);
});

test("what was started runs on if nothing fails", async () => {
  expect(await startParts((stops) => Promise.resolve(stops.unshift(part("a"))))).toBe(1);
  expect(stopped).toEqual([]);
});

test("the functions' parts are stopped if the emulator can't be told where they are", async () => {
  const folder = mkdtempSync(join(tmpdir(), "streamflow-stops-"));
  const stops = [XRayDaemon.prototype, LambdaService.prototype, DataPlane.prototype].map((one) =>
    jest.spyOn(one, "stop"),
  );
  try {
    const running = runFunctions({
      aws: clientConfig(`http://127.0.0.1:${await freePort()}`, "us-east-1"),
      accountId: "123456789012",
      authority: await certificateAuthority(join(folder, "ca")),
      postgres: undefined,
      redis: undefined,
      run: {
        path: (name) => join(folder, name),
        log: (name) => join(folder, name),
        report: (name) => join(folder, name),
      },
    });
    await expect(running).rejects.toThrow();
    for (const stop of stops) expect(stop).toHaveBeenCalledTimes(1);
  } finally {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  }
});
