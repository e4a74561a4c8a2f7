import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stack } from "../../../../packages/terraform/synthesized-stack";
import { migrationsOf } from "../../../../stacks/constructs/data/migrations";
import { environments } from "../../../../stacks/environments";
import { synthSettings } from "../../../support/synth";

const stacks = environments.map((settings) => new Stack(settings.name, synthSettings(settings).json));

describe.each(stacks)("the migrations of $name", (stack) => {
  const [run] = stack.of("aws_lambda_invocation");

  test("run again with another version of the function, other migrations, users or database", () => {
    expect(run?.at("qualifier").text).toBe("${aws_lambda_function.migrate.version}");
    expect(run?.at("triggers").raw).toEqual({
      migrations: expect.stringMatching(/^\d{4}-\S+ [0-9a-f]{12}$/) as string,
      users: stack
        .meant("aws_lambda_function", "${aws_lambda_function.migrate.arn}")
        ?.at("environment.variables.DATABASE_USERS").text,
      database: "${aws_db_instance.database.resource_id}",
    });
  });

  test("do not run when they are destroyed", () => {
    expect(run?.at("lifecycle_scope").text).toBe("CREATE_ONLY");
  });

  test("run after the database, and before what serves", () => {
    expect([...stack.dependencies(run as never)]).toContain("aws_db_instance.database");
    for (const address of ["aws_lambda_alias.media_live", "aws_ecs_service.processor"]) {
      const serving = stack.resources.find((one) => one.address === address);
      expect([...stack.dependencies(serving as never)]).toContain(run?.address);
    }
  });

  test("wait for nothing that waits for them", () => {
    const before = stack.dependencies(run as never);
    expect(before.has(run?.address ?? "")).toBe(false);
    expect([...before].filter((address) => /^aws_lambda_\w+\.media|^aws_ecs_/.test(address))).toEqual([]);
  });
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "migrations-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the trigger names the last migration, and changes with any of the files", () => {
  const write = (name: string, sql: string): string => {
    writeFileSync(join(folder, name), sql);
    return migrationsOf(folder);
  };
  const first = write("0001-a.sql", "SELECT 1");
  expect(first).toMatch(/^0001-a [0-9a-f]{12}$/);
  const second = write("0002-b.sql", "SELECT 2");
  expect(second).toMatch(/^0002-b /);
  const changed = write("0001-a.sql", "SELECT 3");
  expect(new Set([first, second, changed]).size).toBe(3);
  expect(write("0001-a.sql", "SELECT 1")).toBe(second);
});

test("what the function would refuse fails before there is a plan", () => {
  expect(() => migrationsOf(folder)).toThrow(`${folder} has no migrations`);
  writeFileSync(join(folder, "0001-a.sql"), "SELECT 1");
  writeFileSync(join(folder, ".DS_Store"), "");
  expect(() => migrationsOf(folder)).toThrow('a migration must be called 0001-name.sql, got ".DS_Store"');
});
