import { readFileSync } from "node:fs";
import { join } from "node:path";
import ours from "../../../handlers/runtime/shims/debug";
import { createNamespace, getNamespace } from "../../../handlers/runtime/shims/cls-hooked";
import * as commands from "../../../handlers/runtime/shims/redis-commands";
import { gte } from "../../../handlers/runtime/shims/semver";

it.each([
  ["22.1.0", "8.0.0", true],
  ["v22.1.0", "8.0.0", true],
  ["8.0.0", "8.0.0", true],
  ["8.0.1", "8.0.0", true],
  ["7.10.10", "8.0.0", false],
  ["2.7.15", "2.7.16", false],
  ["10.0.0", "9.9.9", true],
])("release %s is not older than %s: %s", (release, other, expected) => {
  expect(gte(release, other)).toBe(expected);
});

it("the silent debug is off, and prints nothing when it is called", () => {
  const debug = ours("ioredis:redis");
  expect([debug.enabled, debug.namespace]).toEqual([false, "ioredis:redis"]);
  expect(debug()).toBeUndefined();
});

describe("a namespace of contexts", () => {
  it("keeps what is set inside of one for its awaited calls, separate from its siblings", async () => {
    const namespace = createNamespace("test");
    expect(getNamespace("test")).toBe(namespace);
    const seen: unknown[] = [];
    const one = (value: string): Promise<void> =>
      new Promise((resolve) =>
        namespace.run(() => {
          namespace.set("who", value);
          setTimeout(() => {
            seen.push(namespace.get("who"));
            resolve();
          }, 5);
        }),
      );
    await Promise.all([one("a"), one("b")]);
    expect(seen.sort()).toEqual(["a", "b"]);
    expect(namespace.get("who")).toBeUndefined();
  });

  it("reads the values of the enclosing one, and does not change them", () => {
    const namespace = createNamespace("nested");
    namespace.enter(namespace.createContext());
    namespace.set("who", "outer");
    namespace.run(() => {
      expect(namespace.get("who")).toBe("outer");
      namespace.set("who", "inner");
      expect(namespace.get("who")).toBe("inner");
    });
    expect(namespace.get("who")).toBe("outer");
  });

  it("fails to set anything outside of all contexts", () => {
    expect(() => createNamespace("empty").set("who", 1)).toThrow("inside of a context");
  });
});

describe("the commands of Redis", () => {
  it("hold every one that a cache sends", () => {
    const folder = join(__dirname, "../../../handlers/services");
    const source = ["redis-cache.ts", "cache-connection.ts"].map((file) =>
      readFileSync(join(folder, file), "utf8"),
    );
    const called = [...source.join("").matchAll(/\bredis\.(\w+)\(/g)].map(([, name]) => name ?? "");
    const sent = called.filter((name) => !["on", "once", "connect", "disconnect"].includes(name));
    expect(sent).toEqual(expect.arrayContaining(["mget", "set", "ping", "auth"]));
    expect(commands.list).toEqual(expect.arrayContaining(sent));
  });

  it("are as the package has them", () => {
    const real = jest.requireActual<typeof commands>("@ioredis/commands");
    for (const name of commands.list) {
      expect(real.exists(name)).toBe(true);
      expect([name, commands.hasFlag(name, "loading")]).toEqual([name, real.hasFlag(name, "loading")]);
    }
    expect([commands.exists("MGET"), commands.exists("del")]).toEqual([true, false]);
  });
});
